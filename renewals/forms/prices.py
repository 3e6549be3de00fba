"""What the programme types about prices, and why a version or a price cannot be as it is asked for."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from interface.money import is_currency, plain_price
from licences.models import PROGRAMMES
from renewals.models import LARGEST_QUANTITY, LONGEST_MONTHS, Price
from renewals.rules.listing import Flaw, Flawed, amount
from renewals.rules.schedules import Obstacle, Validity
from renewals.services.prices import Listed
from renewals.services.schedules import Publication

OBSTACLES = {
    Obstacle.NO_DRAFT: _("This version is no draft any more. Look at it again."),
    Obstacle.EMPTY: _("A version without prices is not published."),
    Obstacle.PAST: _("Choose today or a later day: what was in force stays what it was."),
    Obstacle.BACKWARD: _("The last day lies before the first."),
    Obstacle.TAKEN: _("Another version begins on this day. Choose another day, or withdraw that one."),
    Obstacle.BEGUN: _("It has begun already, and stays. Publish a new version instead."),
    Obstacle.OVERLAP: _("Another price of this version fits some of these quantities."),
}
FLAWS = {
    Flaw.MISSING: _("%(column)s is empty."),
    Flaw.PRODUCT: _("The catalogue has no product “%(value)s”."),
    Flaw.PROGRAMME: _("“%(value)s” is another programme than the one that was chosen."),
    Flaw.CURRENCY: _("“%(value)s” is no currency: write its three letters, like EUR."),
    Flaw.NUMBER: _("%(column)s is no whole number of at least 1: “%(value)s”."),
    Flaw.AMOUNT: _("%(column)s is no amount: “%(value)s”. Write it like 1234.50."),
    Flaw.AMBIGUOUS: _("“%(value)s” may be a thousand or a decimal comma. Write it like 1234.00 or 1.234."),
    Flaw.LARGE: _("%(column)s is too large: “%(value)s”."),
    Flaw.FINE: _("%(column)s has more than six decimals: “%(value)s”."),
    Flaw.TERM: _("%(column)s is no term: “%(value)s”."),
    Flaw.BAND: _("qty_max, “%(value)s”, is less than qty_min."),
    Flaw.OVERLAP: _("Line %(value)s has a price for some of these quantities already."),
}
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def day(label: Any, **kwargs: Any) -> forms.DateField:
    """A day that can be kept."""
    bounds = {"min": EARLIEST.isoformat(), "max": LATEST.isoformat()}
    return forms.DateField(label=label, validators=[_kept], widget=forms.DateInput(attrs=bounds), **kwargs)


def _kept(value: date) -> None:
    if not EARLIEST <= value <= LATEST:
        raise forms.ValidationError(_("Choose a day between 2000 and 2199."))


class PriceForm(forms.Form):
    """One price of a draft, for one seat and the whole term."""

    product = forms.ChoiceField(label=_("Product"))
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, like EUR."))
    months = forms.IntegerField(label=_("Term in months"), min_value=1, max_value=LONGEST_MONTHS, initial=12)
    qty_min = forms.IntegerField(label=_("Quantity from"), min_value=1, max_value=LARGEST_QUANTITY, initial=1)
    qty_max = forms.IntegerField(
        label=_("Quantity to"), min_value=1, max_value=LARGEST_QUANTITY, required=False, help_text=_("Empty: no end.")
    )
    amount = forms.CharField(
        label=_("Price"), max_length=30, help_text=_("For one seat and the whole term, net of tax.")
    )

    def __init__(self, *args: Any, products: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"] = forms.ChoiceField(
            label=_("Product"), choices=[("", _("Choose a product")), *((str(key), name) for key, name in products)]
        )

    @staticmethod
    def initial_of(price: Price) -> dict[str, Any]:
        shown = str(plain_price(price.amount, price.currency))
        fields = {name: getattr(price, name) for name in ("currency", "months", "qty_min", "qty_max")}
        return {**fields, "product": str(price.product_id), "amount": shown}

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].upper()
        if not is_currency(code):
            raise forms.ValidationError(FLAWS[Flaw.CURRENCY] % {"value": code})
        return code

    def clean_amount(self) -> Decimal:
        typed = self.cleaned_data["amount"]
        try:
            return amount(typed)
        except Flawed as flawed:
            column = self.fields["amount"].label
            raise forms.ValidationError(FLAWS[flawed.flaw] % {"value": typed, "column": column}) from flawed

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        low, high = values.get("qty_min"), values.get("qty_max")
        if low and high and high < low:
            self.add_error("qty_max", _("It is less than the quantity from."))
        return values

    def listed(self) -> Listed:
        values = dict(self.cleaned_data)
        return Listed(product=UUID(values.pop("product")), **values)


class PublishForm(forms.Form):
    """From when a draft counts; through when, where that is known."""

    valid_from = day(
        _("Valid from"), help_text=_("The version in force ends on the day before. One that began today is replaced.")
    )
    planned_to = day(_("Valid through"), required=False, help_text=_("Empty: until the next version begins."))
    note = forms.CharField(
        label=_("What changes"), max_length=200, required=False, help_text=_("Customers and advisors read it.")
    )

    def publication(self) -> Publication:
        values = self.cleaned_data
        return Publication(Validity(values["valid_from"], values["planned_to"]), values["note"])


class MoveForm(forms.Form):
    """All prices of a draft by a percentage."""

    percent = forms.DecimalField(
        label=_("Change every price by (%)"),
        min_value=Decimal(-99),
        max_value=Decimal(1000),
        max_digits=6,
        decimal_places=2,
        help_text=_("3 makes 44.00 into 45.32; −3 lowers it. Rounded to the currency’s smallest unit."),
    )


class PriceFileForm(forms.Form):
    """A file that becomes a draft."""

    programme = forms.ChoiceField(label=_("Programme"), choices=PROGRAMMES)
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV in UTF-8, or an Excel workbook (.xlsx): up to 50,000 lines and 20 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    keep = forms.BooleanField(
        label=_("Keep the prices in force of products and terms that the file does not name"), required=False
    )
