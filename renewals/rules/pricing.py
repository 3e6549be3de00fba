"""Published prices, and what cover of any length costs under them (1-product, "Price lookup")."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import prod
from uuid import UUID

from renewals.rules.refusals import NoPrice, SeveralPrices

Article = tuple[UUID, str, str]
"""What a price is for: product, programme, currency."""


class FactorKind(StrEnum):
    """Why a price is multiplied."""

    TERM = "term"
    SURCHARGE = "surcharge"
    DISCOUNT = "discount"
    FEE = "fee"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Factor:
    """One step of a line's arithmetic."""

    kind: FactorKind
    value: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One product in a line's arithmetic: `price` times its factors, exact.

    `months` is the term that the price is published for; None where it is an amount of another line.
    """

    price: Decimal
    months: int | None = None
    factors: tuple[Factor, ...] = ()

    @property
    def value(self) -> Fraction:
        """What the part comes to, not rounded."""
        return prod((factor.value for factor in self.factors), start=Fraction(self.price))

    def times(self, kind: FactorKind, value: Fraction) -> "Part":
        """The part with one more factor."""
        return Part(self.price, self.months, (*self.factors, Factor(kind, value)))

    def without(self, kind: FactorKind) -> "Part":
        """The part less its factors of that kind."""
        return Part(self.price, self.months, tuple(factor for factor in self.factors if factor.kind is not kind))


@dataclass(frozen=True, slots=True)
class PriceRow:
    """The price of one seat for a term of `months`; quantities and dates both inclusive, None without end."""

    product: UUID
    programme: str
    currency: str
    months: int
    amount: Decimal
    valid_from: date
    valid_to: date | None = None
    qty_min: int = 1
    qty_max: int | None = None

    @property
    def article(self) -> Article:
        """What the price is for."""
        return self.product, self.programme, self.currency

    def in_force(self, on: date) -> bool:
        """Whether the row counts on that pricing day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def fits(self, quantity: int) -> bool:
        """Whether the quantity lies in the row's band."""
        return self.qty_min <= quantity and (self.qty_max is None or quantity <= self.qty_max)


@dataclass(frozen=True, slots=True)
class Term:
    """A published term and its price; 18 months are one and a half years, whatever the calendar."""

    months: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """The terms published for one quantity on one day, shortest first, at least one."""

    terms: tuple[Term, ...]

    def part(self, years: Fraction) -> Part:
        """One seat for so many years: by the day of the longest published term within them (the shortest if none is).

        Where a published term as long or longer costs less, that one; so a price never falls as the years grow.
        """
        return _part(self, years)

    def price(self, years: Fraction) -> Fraction:
        """f(x) of the design, exact."""
        return self.part(years).value


@lru_cache(maxsize=16_384)  # Lines of one product and date share their price, also while a budget's date is searched.
def _part(tariff: Tariff, years: Fraction) -> Part:
    months = Fraction(12 * years)  # Whole years, too: 1 and Fraction(1) are one key of the cache.
    base = next((term for term in reversed(tariff.terms) if term.months <= months), tariff.terms[0])
    by_day = Part(base.amount, base.months).times(FactorKind.TERM, months / base.months)
    longer = [term for term in tariff.terms if term.months >= months]
    cap = min(longer, key=lambda term: (term.amount, term.months), default=None)
    return by_day if cap is None or by_day.value <= Fraction(cap.amount) else Part(cap.amount, cap.months)


class Prices:
    """Price rows of any versions, found by article; their order does not matter."""

    def __init__(self, rows: Iterable[PriceRow]) -> None:
        self._rows: dict[Article, list[PriceRow]] = {}
        for row in rows:
            self._rows.setdefault(row.article, []).append(row)

    @property
    def rows(self) -> list[PriceRow]:
        """All of them, by article."""
        return [row for rows in self._rows.values() for row in rows]

    def _in_force(self, article: Article, on: date) -> list[PriceRow]:
        return [row for row in self._rows.get(article, ()) if row.in_force(on)]

    def tariff(self, article: Article, *, quantity: int, on: date) -> Tariff:
        """The terms for that quantity on that day; raises NoPrice, or SeveralPrices for one term."""
        terms: dict[int, Term] = {}
        for row in filter(lambda row: row.fits(quantity), self._in_force(article, on)):
            if row.months in terms:
                raise SeveralPrices(row.months)
            terms[row.months] = Term(row.months, row.amount)
        if not terms:
            raise NoPrice
        return Tariff(tuple(terms[months] for months in sorted(terms)))

    def row(self, article: Article, *, quantity: int, months: int, on: date) -> PriceRow | None:
        """The row that `tariff` takes the price of that term from; None where there is none."""
        fitting = (row for row in self._in_force(article, on) if row.months == months and row.fits(quantity))
        return next(fitting, None)

    def bands(self, article: Article, *, above: int, on: date) -> tuple[int, ...]:
        """The quantities beyond `above` at which another band begins on that day."""
        return tuple(sorted({row.qty_min for row in self._in_force(article, on) if row.qty_min > above}))
