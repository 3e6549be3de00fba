"""Inviting people, changing their roles, and accepting an invitation."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.door import password_rules
from accounts.models import LANGUAGES, ROLE_LABELS, User
from accounts.rules import ROLES, Kind, Role
from interface.money import is_currency, typed_amount

LARGEST_LIMIT = Decimal(10) ** 12

MAY = {
    (Kind.CUSTOMER, Role.OWNER): _("everything, members and full access for advisors included"),
    (Kind.CUSTOMER, Role.RENEWALS_MANAGER): _("keeps licences, shares them with advisors, renews"),
    (Kind.CUSTOMER, Role.APPROVER): _("sees everything and approves quotes"),
    (Kind.CUSTOMER, Role.VIEWER): _("sees everything and changes nothing"),
    (Kind.ADVISOR, Role.OWNER): _("keeps the firm, its team and its contacts"),
    (Kind.ADVISOR, Role.MEMBER): _("works for the customers that share with the firm"),
    (Kind.DISTRIBUTOR, Role.MEMBER): _("sees what customers hand over"),
    (Kind.PROGRAMME, Role.MANAGER): _("keeps customers, firms and contacts"),
}


def role_choices(kind: Kind) -> list[tuple[str, Any]]:
    return [(role.value, ROLE_LABELS[role.value]) for role in ROLES[kind]]


def explained_choices(kind: Kind) -> list[tuple[str, Any]]:
    return [(role.value, format_lazy("{}: {}", ROLE_LABELS[role.value], MAY[kind, role])) for role in ROLES[kind]]


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=LANGUAGES)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        if isinstance(role, forms.ChoiceField):
            role.choices = explained_choices(kind)
        role.initial = ROLES[kind][-1].value


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        if isinstance(role, forms.ChoiceField):
            role.choices = role_choices(kind)


class LimitForm(forms.Form):
    """Up to how much an approver may accept; an empty amount takes the limit away."""

    template_name = "components/form.html"
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    amount = forms.CharField(
        label=_("Up to"), max_length=20, required=False, help_text=_("Inclusive, without VAT. Empty: nothing.")
    )

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise forms.ValidationError(_("Give the three letters of a currency, for example EUR."))
        return code

    def clean_amount(self) -> Decimal | None:
        text = str(self.cleaned_data["amount"]).strip()
        amount = typed_amount(text) if text else None
        if text and (amount is None or not 0 <= amount < LARGEST_LIMIT):
            raise forms.ValidationError(_("Give an amount."))
        return amount


class JoinForm(forms.Form):
    """What somebody sets who signs in for the first time."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input input-l"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_rules,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "input input-l"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if password := values.get("password"):
            try:
                validate_password(password, User(email=self.email, name=values.get("name", "")))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return values
