"""A firm on the programme's desk, and a firm's own contacts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.desk import PARTICULARS, FirstPersonForm, OrganisationForm
from accounts.forms.profile import single_mails, text_only
from accounts.models import LANGUAGES
from advisors.models import TIERS, Contact, Firm
from advisors.services import Entry, Person
from interface.countries import STATES, UNITED_STATES

ENTRY = ("city", "us_state", "address", "phone", "tier", "agreement_active")
OWN = ("text_only", "single_mails")
PERSON = ("name", "title", "email", "phone", "language", "speaks", *OWN)


class FirmForm(OrganisationForm):
    """Particulars and directory entry; a state belongs to the United States, and is needed there."""

    city = forms.CharField(label=_("City"), max_length=100)
    us_state = forms.ChoiceField(
        label=_("State"), choices=[("", _("outside the United States")), *STATES.items()], required=False
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=TIERS)
    agreement_active = forms.BooleanField(label=_("Agreement in force"), required=False, initial=True)

    field_order: tuple[str, ...] = ("name", "slug", "country", "us_state", "city", "address", "phone")

    def __init__(self, *args: Any, firm: Firm | None = None, **kwargs: Any) -> None:
        if firm:
            kwargs |= {"organisation": firm.organisation, "initial": {name: getattr(firm, name) for name in ENTRY}}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        is_american = values.get("country") == UNITED_STATES
        if is_american and not values.get("us_state"):
            self.add_error("us_state", _("Choose the state."))
        return values | ({} if is_american else {"us_state": ""})

    def entry(self) -> Entry:
        return Entry(**{name: self.cleaned_data[name] for name in ENTRY})


class NewFirmForm(FirmForm, FirstPersonForm):
    """A firm and its owner."""

    field_order = (*FirmForm.field_order, "tier", "agreement_active", *PARTICULARS[3:], "person", "email")


class ContactForm(forms.Form):
    """Somebody whom customers may choose to be told; whoever signs in says in the own settings how mail is wanted."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Position"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGES)
    speaks = forms.CharField(
        label=_("Languages spoken"), max_length=60, required=False, help_text=_("Codes with spaces between: en es fr")
    )

    text_only = text_only()
    single_mails = single_mails()

    def __init__(self, *args: Any, contact: Contact | None = None, firm: Any = None, **kwargs: Any) -> None:
        self.contact, self.firm = contact, firm
        if contact:
            kwargs["initial"] = {name: getattr(contact, name) for name in PERSON}
        super().__init__(*args, **kwargs)
        if contact and contact.user_id:
            for name in OWN:
                del self.fields[name]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        others = Contact.objects.filter(firm=self.firm)
        if self.contact:
            others = others.exclude(pk=self.contact.pk)
        if others.filter(email=email).exists():
            raise forms.ValidationError(_("Another contact of the firm has this address."))
        return email

    def person(self) -> Person:
        values: dict[str, Any] = {**self.initial, **self.cleaned_data}
        return Person(**values)
