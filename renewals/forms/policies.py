"""What the programme types about policies and discounts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from advisors.models import TIERS
from licences.models import PROGRAMMES
from renewals.forms.prices import day
from renewals.models import ROUNDINGS, RenewalPolicy
from renewals.services.policies import Numbers

HUNDRED = Decimal(100)
EARLIEST, LATEST = 31, 1095
"""Days: the earliest boundary leaves room for the warning 30 days before it."""


class PolicyForm(forms.Form):
    """A new version of a programme's policy; shares are typed in percent."""

    programme = forms.ChoiceField(label=_("Programme"), choices=PROGRAMMES)
    valid_from = day(_("Valid from"), help_text=_("Until the next version begins."))
    boundary = forms.IntegerField(
        label=_("Last day of reinstatement (days after the expiry)"), min_value=EARLIEST, max_value=LATEST,
        help_text=_("After it the gap stays for good, and cover is recovered. Reminders warn of this day."),
    )  # fmt: skip
    fee = forms.DecimalField(
        label=_("Reinstatement fee (%)"), min_value=0, max_value=500, max_digits=5, decimal_places=2,
        help_text=_("On the part of the price that covers the gap."),
    )  # fmt: skip
    factor = forms.DecimalField(
        label=_("Recovery factor"), min_value=1, max_value=10, max_digits=6, decimal_places=4,
        help_text=_("Multiplies the first year when the gap stays open. 1.5 is half as much again."),
    )  # fmt: skip
    minimum_months = forms.IntegerField(
        label=_("Minimum term (months)"), min_value=0, max_value=120, help_text=_("For lapsed cover, from today on.")
    )
    horizon_months = forms.IntegerField(
        label=_("Furthest date of a budget (months)"), min_value=1, max_value=240,
        help_text=_("Where a product has no last cover date."),
    )  # fmt: skip
    validity_days = forms.IntegerField(label=_("Days a quote holds"), min_value=1, max_value=365)
    rounding = forms.ChoiceField(label=_("Rounding"), choices=ROUNDINGS)

    @staticmethod
    def initial_of(policy: RenewalPolicy) -> dict[str, Any]:
        names = ("programme", "boundary", "minimum_months", "horizon_months", "validity_days", "rounding")
        same = {name: getattr(policy, name) for name in names}
        return {**same, "fee": plain(policy.fee * HUNDRED), "factor": plain(policy.factor)}

    def numbers(self) -> Numbers:
        values = {name: self.cleaned_data[name] for name in Numbers.__dataclass_fields__}
        return Numbers(**values | {"fee": values["fee"] / HUNDRED})


class DiscountForm(forms.Form):
    """What a tier takes off from a day on; typed in percent."""

    tier = forms.ChoiceField(label=_("Tier"), choices=TIERS)
    valid_from = day(_("Valid from"))
    percent = forms.DecimalField(
        label=_("Discount (%)"), min_value=0, max_value=Decimal("99.99"), max_digits=4, decimal_places=2
    )


def plain(value: Decimal) -> Decimal:
    """Without needless zeros: 10, not 10.0000 nor 1E+1."""
    return Decimal(format(value.normalize(), "f"))
