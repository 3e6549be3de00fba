"""What is chosen for a transfer, and the words that an owner consents to."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from licences.forms.access import ids
from licences.rules.access import SHORT_MONTHS
from licences.rules.ends import months_after
from licences.rules.transfers import (
    ALWAYS,
    PRESET,
    CompanyField,
    Fields,
    LeftOut,
    LicenceField,
    Plan,
    Refusal,
    latest_end,
)
from licences.services.transfer_requests import Wish

COMPANY_FIELDS = {
    CompanyField.NAME.value: _("Name of the company"),
    CompanyField.COUNTRY.value: _("Country"),
    CompanyField.ADDRESS.value: _("Address"),
    CompanyField.CONTACT_NAME.value: _("Contact person"),
    CompanyField.CONTACT_EMAIL.value: _("E-mail of the contact"),
    CompanyField.CONTACT_PHONE.value: _("Telephone of the contact"),
}
LICENCE_FIELDS = {
    LicenceField.PRODUCT.value: _("Product"),
    LicenceField.PROGRAMME.value: _("Programme"),
    LicenceField.SERIAL.value: _("Serial or licence number, whole"),
    LicenceField.QUANTITY.value: _("Quantity"),
    LicenceField.STARTS_ON.value: _("Starts on"),
    LicenceField.EXPIRES_ON.value: _("Expires on"),
    LicenceField.BOUGHT_ON.value: _("Bought on"),
    LicenceField.ORDER_NUMBER.value: _("Order number"),
    LicenceField.SUPPLIER.value: _("Supplier"),
}
LEFT_OUT = {
    LeftOut.NOTES.value: _("your notes"),
    LeftOut.PRICES.value: _("prices and quotes"),
    LeftOut.ACCESS.value: _("which advisors help you, and what they may do"),
    LeftOut.PEOPLE.value: _("your people, but for the contact person"),
    LeftOut.REMINDERS.value: _("reminders and what was sent"),
    LeftOut.OTHERS.value: _("every licence that is not chosen"),
}
CONSENT_TEXTS = {
    1: _(
        "I consent, for my organisation, to hand exactly the data shown on this page over to the distributor that it"
        " names, for its purpose and through its last day. The distributor sees the data once it has confirmed its"
        " receipt. I can withdraw this consent at any time; what the distributor has read or copied until then remains"
        " known to it."
    ),
}
REFUSALS = {
    Refusal.NOT_CERTIFIED: _("This distributor is not certified today. Choose another, or ask the programme."),
    Refusal.NOBODY_THERE: _("Nobody at this distributor can receive it yet. Ask the programme to invite somebody."),
    Refusal.NOTHING_CHOSEN: _("Choose at least one licence."),
    Refusal.TOO_MANY: _("Choose fewer licences: one transfer holds 2,000 at most."),
    Refusal.STILL_OPEN: _("Your proposal to this distributor still waits for an answer. Take it back first."),
    Refusal.END_PAST: _("Choose a day that is still to come."),
    Refusal.END_TOO_LATE: _("Choose an earlier day: a transfer lasts two years at most."),
}
TYPED = {CompanyField.ADDRESS.value: "address", CompanyField.CONTACT_PHONE.value: "contact_phone"}
ALL, CHOSEN = "all", "chosen"


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django’s class is no generic at run time
    """One of the team, by name and address."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.name}, {obj.user.email}" if obj.user.name else str(obj.user.email)


class TransferForm(forms.Form):
    """To whom, for what, until when, which fields and which licences; an advisor names no person and no address."""

    distributor = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("Distributor"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose a distributor.")},
    )
    purpose = forms.CharField(
        label=_("Purpose"), max_length=300, help_text=_("What the distributor may use it for, in a sentence.")
    )
    ends_on = forms.DateField(label=_("Last day"), help_text=_("From the next day on the distributor sees nothing."))
    company = forms.MultipleChoiceField(
        label=_("About your company"), choices=COMPANY_FIELDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    licence = forms.MultipleChoiceField(
        label=_("About each licence"), choices=LICENCE_FIELDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    contact = PersonChoice(queryset=Membership.objects.none(), label=_("Contact person"), required=False)
    contact_phone = forms.CharField(label=_("Telephone of the contact"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    which = forms.ChoiceField(choices={ALL: _("All licences"), CHOSEN: _("Only the chosen ones")}, required=False)

    def __init__(
        self,
        *args: Any,
        distributors: QuerySet[Organisation],
        team: QuerySet[Membership] | None,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("distributor", distributors)
        self.fields["ends_on"].widget.attrs |= {"min": today.isoformat(), "max": latest_end(today).isoformat()}
        self.fields["ends_on"].initial = months_after(today, SHORT_MONTHS)
        left_out = {*ALWAYS.company_names, *(TYPED if team is None else ())}
        self.limit("company", {key: label for key, label in COMPANY_FIELDS.items() if key not in left_out})
        self.limit("licence", {key: label for key, label in LICENCE_FIELDS.items() if key not in ALWAYS.licence_names})
        if team is None:
            for name in ("contact", *TYPED.values()):
                del self.fields[name]
        else:
            self.offer("contact", team)

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """The rows to choose from."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def limit(self, name: str, offered: dict[str, Any]) -> None:
        """What may be chosen beside what is always part of a transfer; what most need is ticked."""
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(offered.items())
            field.initial = [key for key in (*PRESET.company_names, *PRESET.licence_names) if key in offered]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for field, name in TYPED.items():
            if field in cleaned.get("company", ()) and name in self.fields and not cleaned.get(name):
                self.add_error(name, _("Type it, or leave the field out."))
        return cleaned

    def wish(self, coverages: Collection[UUID]) -> Wish:
        """What was chosen, once it is valid, for these coverages."""
        chosen = self.cleaned_data
        contact = chosen.get("contact")
        fields = Fields.of(chosen["company"], chosen["licence"])
        return Wish(
            distributor=chosen["distributor"],
            plan=Plan(fields, chosen["purpose"], chosen["ends_on"]),
            coverages=frozenset(coverages),
            contact_id=contact.user_id if contact else None,
            contact_phone=chosen.get("contact_phone", ""),
            address=chosen.get("address", ""),
        )

    @property
    def ticked(self) -> frozenset[UUID]:
        """The licences that were sent with a tick."""
        return ids(self.data.getlist("coverage")) if isinstance(self.data, QueryDict) else frozenset()

    @property
    def wants_all(self) -> bool:
        return bool(self["which"].value() == ALL)


class ReasonForm(forms.Form):
    """Why a transfer ends, in words for the other side."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False, help_text=_("The other side reads it."))
