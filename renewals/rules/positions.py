"""Coverages on their pricing day: what each owns, under which tariff and policy (1-product, "The pricing day")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from renewals.rules.lapse import LapseClass, class_ends_on, lapse_class
from renewals.rules.policy import DEFAULT, Policy
from renewals.rules.pricing import Article, FactorKind, Part, Prices, Tariff
from renewals.rules.refusals import PriceFault, Unpriced
from renewals.rules.rounding import rounded
from renewals.rules.years import plus_months


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One coverage as it stands: in force through `expires_on`, never to be extended beyond `last_cover_on`."""

    coverage: UUID
    product: UUID
    programme: str
    currency: str
    quantity: int
    expires_on: date
    last_cover_on: date | None = None

    @property
    def article(self) -> Article:
        """What it is priced as."""
        return self.product, self.programme, self.currency


@dataclass(frozen=True, slots=True)
class Basis:
    """What a quote rests on: its day, the prices, each currency's minor unit, policies by programme, a discount.

    A programme without a policy of its own has the defaults; the tier's `discount` is a share, 0.04 for 4 %.
    """

    priced_on: date
    prices: Prices
    units: Mapping[str, Decimal]
    policies: Mapping[str, Policy] = field(default_factory=dict)
    discount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """One coverage on its pricing day, with all that its price depends on but the date."""

    entitlement: Entitlement
    tariff: Tariff
    policy: Policy
    unit: Decimal
    priced_on: date
    discount: Decimal = Decimal(0)

    @property
    def coverage(self) -> UUID:
        """The coverage's id."""
        return self.entitlement.coverage

    @property
    def currency(self) -> str:
        """The currency of its prices."""
        return self.entitlement.currency

    @property
    def expires_on(self) -> date:
        """The last day that is covered now."""
        return self.entitlement.expires_on

    @property
    def lapse_class(self) -> LapseClass:
        """Its class on the pricing day."""
        return lapse_class(self.expires_on, self.priced_on, boundary=self.policy.boundary)

    @property
    def valid_until(self) -> date:
        """The last day on which a quote for it can be accepted: the class must not have changed."""
        longest = self.priced_on + timedelta(self.policy.validity_days)
        class_end = class_ends_on(self.expires_on, self.priced_on, boundary=self.policy.boundary)
        return min(longest, class_end or longest)

    def first_end(self, *, minimum_months: int = 0) -> date:
        """The first date to which it can be extended; `minimum_months` is a term that the buyer asks for.

        Current cover never gets shorter; lapsed cover reaches the policy's minimum beyond the pricing day.
        """
        if self.lapse_class is LapseClass.CURRENT:
            return plus_months(self.expires_on, minimum_months)
        return plus_months(self.priced_on, max(minimum_months, self.policy.minimum_months))

    def discounted(self, part: Part) -> Part:
        """Cover at the tier's discount."""
        return part.times(FactorKind.DISCOUNT, Fraction(1 - self.discount)) if self.discount else part

    def money(self, *parts: Part, quantity: int) -> Decimal:
        """So many times the sum of the parts, rounded once."""
        exact = quantity * sum((part.value for part in parts), start=Fraction(0))
        return rounded(exact, self.unit, self.policy.rounding)


def position(entitlement: Entitlement, basis: Basis) -> Position:
    """The coverage on the pricing day; raises NoPrice or SeveralPrices."""
    return Position(
        entitlement=entitlement,
        tariff=basis.prices.tariff(entitlement.article, quantity=entitlement.quantity, on=basis.priced_on),
        policy=basis.policies.get(entitlement.programme, DEFAULT),
        unit=basis.units[entitlement.currency],
        priced_on=basis.priced_on,
        discount=basis.discount,
    )


def positions(entitlements: Iterable[Entitlement], basis: Basis) -> tuple[Position, ...]:
    """All of them, in the given order; raises Unpriced, which names every coverage at fault."""
    found: list[Position] = []
    faults: dict[UUID, PriceFault] = {}
    for entitlement in entitlements:
        try:
            found.append(position(entitlement, basis))
        except PriceFault as fault:
            faults[entitlement.coverage] = fault
    if faults:
        raise Unpriced(faults)
    return tuple(found)


def leaving_out(chosen: Iterable[Position], coverages: Iterable[UUID]) -> tuple[Position, ...]:
    """The positions less those of the named coverages."""
    unwanted = set(coverages)
    return tuple(each for each in chosen if each.coverage not in unwanted)
