"""Why something cannot be quoted: exceptions that carry values and name coverages, for others to put into words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


class Refusal(Exception):
    """Nothing is wrong with the program: the rules say no."""


class NothingToQuote(Refusal):
    """No coverage is left that the rule could work on."""


@dataclass(eq=False)
class PriceFault(Refusal):
    """The schedule in force has no price for a line, or two for one term of `months`."""

    months: int | None = None


class NoPrice(PriceFault):
    """No row fits product, programme, currency, day and quantity."""


class SeveralPrices(PriceFault):
    """Two rows fit the same term."""


@dataclass(eq=False)
class Unpriced(Refusal):
    """The coverages that the schedule gives no price, each with its fault."""

    faults: dict[UUID, PriceFault]


@dataclass(eq=False)
class OutOfBounds(Refusal):
    """A date is impossible for some coverages; `limits` holds the bound of each of these."""

    limits: dict[UUID, date]


class TooEarly(OutOfBounds):
    """The date lies before the first possible one: leave these out, or take a later date."""


class TooLate(OutOfBounds):
    """The date lies after the product's last cover date: leave these out, or take an earlier date."""


@dataclass(eq=False)
class MixedCurrencies(Refusal):
    """One sum was asked of several currencies, which are never converted."""

    currencies: tuple[str, ...]


@dataclass(eq=False)
class BudgetTooSmall(Refusal):
    """Even the first possible date costs more; `minimum` is what that one, `ends_on`, costs."""

    minimum: Decimal
    ends_on: date
