"""The numbers that a programme sets, as one version of its policy (1-product, "Policy")."""

from dataclasses import dataclass
from decimal import Decimal

from renewals.rules.reminders import DEFAULT as WINDOWS
from renewals.rules.reminders import Schedule
from renewals.rules.rounding import Rounding


@dataclass(frozen=True, slots=True)
class Policy:
    """What lapsed cover costs and how long prices hold; the values here are the defaults (1-product, D).

    `fee` is a share of the back part, `factor` multiplies the first year of a recovery, `minimum_months` counts
    from the pricing day, `horizon_months` ends a budget's search where the product names no last cover date,
    `validity_days` is how long a quote holds. The boundary is the reminders' own: what they warn of is what is charged.
    """

    schedule: Schedule = WINDOWS
    fee: Decimal = Decimal("0.10")
    factor: Decimal = Decimal("1.5")
    minimum_months: int = 12
    horizon_months: int = 60
    validity_days: int = 30
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        # Either would make waiting for a lapse cheaper than renewing.
        if self.fee < 0 or self.factor < 1:
            raise ValueError(f"A fee of {self.fee} or a factor of {self.factor} rewards waiting.")

    @property
    def boundary(self) -> int:
        """The last day after the expiry on which the gap can be closed."""
        return self.schedule.boundary


DEFAULT = Policy()
