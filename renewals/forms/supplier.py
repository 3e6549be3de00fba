"""What the programme types into its supplier form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interface.countries import countries
from renewals.models import SupplierDetails

FIELDS = (
    "legal_name", "address", "country", "company_number", "tax_number", "vat_number", "website",
    "account_holder", "bank_name", "account_number", "bank_code", "payment_terms",
    "orders_name", "orders_email", "orders_phone", "accounts_name", "accounts_email", "accounts_phone", "note",
)  # fmt: skip


def countries_or_none() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *countries()]


class SupplierForm(forms.ModelForm):  # type: ignore[type-arg]
    """Every part of the supplier form; `after` is the version that it began with, 0 for none."""

    country = forms.ChoiceField(label=_("Country"), choices=countries_or_none)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = SupplierDetails
        fields = FIELDS
        widgets = {"address": forms.Textarea(attrs={"rows": 3}), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, typed: Any = None, *, details: SupplierDetails | None = None) -> None:
        super().__init__(typed, instance=details, initial={"after": details.version if details else 0})
