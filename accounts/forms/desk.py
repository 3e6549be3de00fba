"""What the programme types about organisations and about whom to ask."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.forms.profile import time_zones_or_none
from accounts.models import LANGUAGES, CountryContact, Organisation
from accounts.services.organisations import Particulars
from interface.countries import countries

# The desk's own addresses stand beside the organisations'.
# Words that stand in addresses where a short name may stand: programme/…/new/ and customers/ask/.
RESERVED = ("new", "ask", "access")
CONTACT = ("country", "name", "phone", "email", "hours")
PARTICULARS = ("name", "slug", "country", "language", "time_zone")


def countries_or_none() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *countries()]


class OrganisationForm(forms.Form):
    """The particulars of an organisation; without a short name, one is made from the name."""

    name = forms.CharField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=80,
        required=False,
        help_text=_("Part of addresses. Letters, digits and hyphens; left empty, it is made from the name."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries_or_none)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones_or_none, help_text=_("Its days begin and end by this clock.")
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        self.organisation = organisation
        if organisation:
            kwargs["initial"] = {name: getattr(organisation, name) for name in PARTICULARS} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        slug = values.get("slug") or slugify(values.get("name", ""))[:80]
        others = Organisation.objects.exclude(pk=self.organisation.pk) if self.organisation else Organisation.objects
        if values.get("name") and not slug:
            self.add_error("slug", _("Type a short name: none can be made from this name."))
        elif slug in RESERVED or (slug and others.filter(slug=slug).exists()):
            self.add_error("slug", _("Another organisation has this short name."))
        return values | {"slug": slug}

    def particulars(self) -> Particulars:
        return Particulars(**{name: self.cleaned_data[name] for name in PARTICULARS})


class FirstPersonForm(forms.Form):
    """Who is invited when an organisation is added."""

    email = forms.EmailField(label=_("E-mail of the first person"), max_length=254)
    person = forms.CharField(label=_("Name of the first person"), max_length=120, required=False)


class NewOrganisationForm(OrganisationForm, FirstPersonForm):
    """An organisation and whoever begins it."""

    field_order = (*PARTICULARS, "person", "email")


class CertificationForm(forms.Form):
    """Through which day a distributor may receive transfers."""

    certified_until = forms.DateField(
        label=_("Certified until"),
        required=False,
        help_text=_("The last day on which customers can choose it for a transfer. Left empty, it is not certified."),
    )


class CountryContactForm(forms.Form):
    """Whom customers and advisors of a country ask; at most one each."""

    country = forms.ChoiceField(label=_("Country"), choices=countries_or_none)
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    hours = forms.CharField(label=_("Hours"), max_length=120, required=False, help_text=_("For example: Mon–Fri 9–17"))

    def __init__(self, *args: Any, contact: CountryContact | None = None, **kwargs: Any) -> None:
        self.contact = contact
        if contact:
            kwargs["initial"] = {
                name: getattr(contact, name) for name in ("country", "name", "phone", "email", "hours")
            }
        super().__init__(*args, **kwargs)

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        others = CountryContact.objects.exclude(pk=self.contact.pk) if self.contact else CountryContact.objects
        if others.filter(country=country).exists():
            raise forms.ValidationError(_("This country has a contact already."))
        return country
