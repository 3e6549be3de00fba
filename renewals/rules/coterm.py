"""Bringing several coverages to one date (1-product, "Synchronise several")."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor
from uuid import UUID

from renewals.rules.lapse import LapseClass
from renewals.rules.limits import refuse_early, refuse_late
from renewals.rules.positions import Position
from renewals.rules.refusals import NothingToQuote
from renewals.rules.years import plus_months


@dataclass(frozen=True, slots=True)
class Target:
    """A date to bring coverages to; `computed_on` is what the rule gave, before `raised_by` demanded a later one."""

    ends_on: date
    computed_on: date
    raised_by: tuple[UUID, ...] = ()


class LeftOut(StrEnum):
    """Why a coverage takes no part in a cost-free date."""

    LAPSED = "lapsed"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class CostFree:
    """The date that shares out the days already paid for.

    `days` are those given to each coverage, negative where taken; `unused` is the part of a day that is nobody's.
    """

    ends_on: date
    days: dict[UUID, int]
    unused: Fraction
    left_out: dict[UUID, LeftOut]

    @property
    def shortened(self) -> tuple[UUID, ...]:
        """The coverages that lose days: the customer has to consent."""
        return tuple(coverage for coverage, days in self.days.items() if days < 0)


def earliest(positions: Sequence[Position], *, months: int, minimum_months: int = 0) -> Target:
    """The earliest expiry of current cover (none: today) plus a term."""
    computed_on = plus_months(_expiry(positions, min), months)
    return _possible(positions, _raised(positions, computed_on, minimum_months=minimum_months))


def latest(positions: Sequence[Position], *, months: int = 0, minimum_months: int = 0) -> Target:
    """The latest expiry of current cover (none: today), plus a term if one is given."""
    computed_on = plus_months(_expiry(positions, max), months)
    return _possible(positions, _raised(positions, computed_on, minimum_months=minimum_months))


def chosen(positions: Sequence[Position], ends_on: date, *, minimum_months: int = 0) -> Target:
    """That very date; raises TooEarly or TooLate with the coverages to leave out."""
    refuse_early(positions, {each.coverage: ends_on for each in positions}, minimum_months=minimum_months)
    return _possible(positions, Target(ends_on, ends_on))


def each_plus(positions: Sequence[Position], *, months: int) -> dict[UUID, Target]:
    """No common date: the term is added to every expiry, or to today where cover has lapsed."""
    targets = {each.coverage: _raised([each], plus_months(_expiry([each], min), months)) for each in positions}
    refuse_late(positions, {coverage: target.ends_on for coverage, target in targets.items()})
    return targets


def cost_free(positions: Sequence[Position], *, currency: str) -> CostFree:
    """Today plus the days left on average, weighted by quantity and one-year price.

    Lapsed cover and other currencies are left out; raises NothingToQuote when nothing of value remains, and TooLate.
    """
    left_out = {each.coverage: why for each in positions if (why := _left_out(each, currency))}
    sharing = [each for each in positions if each.coverage not in left_out]
    weight = sum(map(_weight, sharing))
    if not weight:
        raise NothingToQuote
    today = sharing[0].priced_on
    average = sum(_weight(each) * (each.expires_on - today).days for each in sharing) / Fraction(weight)
    ends_on = today + timedelta(floor(average))
    refuse_late(sharing, {each.coverage: ends_on for each in sharing})
    days = {each.coverage: (ends_on - each.expires_on).days for each in sharing}
    return CostFree(ends_on, days, average % 1, left_out)


def _expiry(positions: Sequence[Position], pick: Callable[[Iterable[date]], date]) -> date:
    if not positions:
        raise NothingToQuote
    current = [each.expires_on for each in positions if each.lapse_class is LapseClass.CURRENT]
    return pick(current or [positions[0].priced_on])


def _raised(positions: Sequence[Position], computed_on: date, *, minimum_months: int = 0) -> Target:
    first = {each.coverage: each.first_end(minimum_months=minimum_months) for each in positions}
    raised_by = tuple(coverage for coverage, limit in first.items() if limit > computed_on)
    return Target(max(computed_on, *first.values()), computed_on, raised_by)


def _possible(positions: Sequence[Position], target: Target) -> Target:
    refuse_late(positions, {each.coverage: target.ends_on for each in positions})
    return target


def _left_out(position: Position, currency: str) -> LeftOut | None:
    if position.lapse_class is not LapseClass.CURRENT:
        return LeftOut.LAPSED
    return None if position.currency == currency else LeftOut.CURRENCY


def _weight(position: Position) -> Fraction:
    return position.entitlement.quantity * position.tariff.price(Fraction(1))
