"""How far renewals have come, and what is at stake, by currency and never across (issue of renewals, "Pipeline")."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from renewals.rules.pricing import Prices
from renewals.rules.refusals import PriceFault
from renewals.rules.rounding import rounded

WINDOW = timedelta(90)
ONE_YEAR = Fraction(1)


class Stage(StrEnum):
    """How far the renewal of a coverage has come."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SENT = "sent"
    ORDERED = "ordered"
    RENEWED = "renewed"


# What is under way says more of a coverage than the renewal before it.
FURTHER = {Stage.RENEWED: 0, Stage.DRAFT: 1, Stage.SENT: 2, Stage.ORDERED: 3}


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a quote asks for one coverage, its fee included; quotes' ids sort by time."""

    coverage: UUID
    quote: UUID
    stage: Stage
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """So many coverages that expire within the window, alike in all that their price depends on.

    `quantity` is what is still to be renewed, which may be nothing; `given_up` what will not be.
    """

    product: UUID
    programme: str
    currency: str
    quantity: int
    coverages: int
    is_started: bool
    is_ordered: bool
    given_up: int = 0


@dataclass(slots=True)
class Tally:
    """Coverages, and amounts by currency; `unpriced` of them have no price and are in no amount."""

    coverages: int = 0
    unpriced: int = 0
    money: dict[str, Decimal] = field(default_factory=dict)

    def add(self, currency: str, amount: Decimal) -> None:
        self.money[currency] = self.money.get(currency, Decimal(0)) + amount


def stages(quoted: Iterable[Quoted]) -> dict[Stage, Tally]:
    """Each coverage once, at the furthest stage of its quotes, with the amount of the newest quote there."""
    best: dict[UUID, Quoted] = {}
    for each in quoted:
        known = best.get(each.coverage)
        if known is None or _rank(each) > _rank(known):
            best[each.coverage] = each
    found: dict[Stage, Tally] = defaultdict(Tally)
    for each in best.values():
        found[each.stage].coverages += 1
        found[each.stage].add(each.currency, each.amount)
    return found


def worth(held: Iterable[Held], prices: Prices, *, on: date, units: dict[str, Decimal]) -> Tally:
    """The one-year price of coverages on that day, each coverage rounded to its currency's minor unit.

    Those of which nothing is left to renew are not among them.
    """
    tally = Tally()
    for each in (row for row in held if row.quantity):
        tally.coverages += each.coverages
        article = (each.product, each.programme, each.currency)
        try:
            seat = prices.tariff(article, quantity=each.quantity, on=on).price(ONE_YEAR)
        except PriceFault:
            tally.unpriced += each.coverages
        else:
            tally.add(each.currency, each.coverages * rounded(each.quantity * seat, units[each.currency]))
    return tally


def _rank(each: Quoted) -> tuple[int, UUID]:
    return FURTHER[each.stage], each.quote
