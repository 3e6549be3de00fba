"""A licence and its coverages, typed by hand; and the filters of the list."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licences.models import PROGRAMMES, Coverage, Licence
from licences.rules import Programme

MOST = 1_000_000
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
STATES = {
    "soon": _("Next 90 days"),
    "later": _("Later"),
    "lapsed": _("Lapsed"),
    "undated": _("No date"),
}


class Day(forms.DateField):
    """A day that can be kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Choose a day between 1970 and 2199."))
        return day


class Lines(forms.CharField):
    """Text of several lines, whichever way the browser breaks them."""

    widget = forms.Textarea(attrs={"class": "input", "rows": 4})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def quantity(label: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label or _("Quantity"), min_value=1, max_value=MOST)


def text(label: Any, longest: int = 120, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, **kwargs)


class CoverDates(forms.Form):
    """From when until when a coverage lasts, both days inclusive."""

    starts_on = Day(label=_("Starts on"))
    expires_on = Day(label=_("Expires on"), help_text=_("The last day of the cover. Without it nobody is reminded."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, expires_on = cleaned.get("starts_on"), cleaned.get("expires_on")
        if starts_on and expires_on and expires_on < starts_on:
            self.add_error("expires_on", _("The cover would end before it starts."))
        return cleaned

    def cover(self) -> dict[str, Any]:
        """What `Cover` takes."""
        return {name: self.cleaned_data[name] for name in ("quantity", "starts_on", "expires_on")}


class CoverageForm(CoverDates):
    """A coverage that is there; `version` is what the form was filled from."""

    quantity = quantity()
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("quantity",)

    @staticmethod
    def initial_of(coverage: Coverage) -> dict[str, Any]:
        return {name: getattr(coverage, name) for name in ("quantity", "starts_on", "expires_on", "version")}


class InProgramme(CoverDates):
    """A coverage that is new."""

    programme = forms.ChoiceField(label=_("Programme"), choices=PROGRAMMES)

    def clean_programme(self) -> Programme:
        return Programme(self.cleaned_data["programme"])


class NewCoverageForm(InProgramme):
    quantity = quantity()
    field_order = ("programme", "quantity")


class LicenceFields(forms.Form):
    serial = text(_("Serial or licence number"))
    quantity = quantity()
    bought_on = Day(label=_("Bought on"))
    order_number = text(_("Order number"))
    supplier = text(_("Supplier"))
    note = Lines(label=_("Note"), max_length=2000, required=False, help_text=_("Only your own organisation sees it."))

    def particulars(self) -> dict[str, Any]:
        """What `Particulars` takes."""
        return {name: self.cleaned_data[name] for name in LicenceFields.base_fields}


class LicenceForm(LicenceFields):
    """A licence that is there; `version` is what the form was filled from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(licence: Licence) -> dict[str, Any]:
        return {name: getattr(licence, name) for name in (*LicenceFields.base_fields, "version")}


class NewLicenceForm(LicenceFields, InProgramme):
    """A licence with its first coverage: one quantity for both."""

    product = forms.CharField(
        label=_("Product"), max_length=200, widget=forms.TextInput(attrs={"class": "input", "list": "products"})
    )
    field_order = ("product", "serial", "quantity", "programme", "starts_on", "expires_on")


class ListForm(forms.Form):
    """The filters of the list, all of them in the address."""

    q = forms.CharField(label=_("Product or licence number"), max_length=100, required=False)
    programme = forms.ChoiceField(choices=PROGRAMMES, required=False)
    state = forms.ChoiceField(choices=STATES, required=False)

    def asked(self) -> dict[str, str]:
        """The filters that are understood; the others are left out."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
