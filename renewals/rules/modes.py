"""From a way of setting the date to a quote's calculation, and all ways side by side (1-product, "Rules")."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from renewals.rules.budget import Reach, reach
from renewals.rules.coterm import CostFree, Target, chosen, cost_free, each_plus, earliest, latest
from renewals.rules.lapse import LapseClass
from renewals.rules.positions import Position
from renewals.rules.quoting import Calculation, calculate, exchange
from renewals.rules.refusals import NothingToQuote, Refusal

TERM = 12


class Mode(StrEnum):
    """How the new expiry is found."""

    EARLIEST = "earliest"
    LATEST = "latest"
    DATE = "date"
    COST_FREE = "cost_free"
    EACH = "each"
    LINES = "lines"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the buyer wants: `months` is the term of EARLIEST, LATEST and EACH (None: 12, 0 and 12).

    `ends_on` belongs to DATE, `dates` to LINES (a line without one has its own expiry plus the term), `budget` to
    BUDGET, `currency` to COST_FREE (empty: that of most lines). `minimum_months` is the least term for every line.
    """

    mode: Mode = Mode.EARLIEST
    months: int | None = None
    minimum_months: int = 0
    ends_on: date | None = None
    dates: Mapping[UUID, date] = field(default_factory=dict)
    budget: Decimal | None = None
    currency: str = ""

    @property
    def term(self) -> int:
        """The months to add to an expiry."""
        return TERM if self.months is None else self.months


@dataclass(frozen=True, slots=True)
class Plan:
    """A mode's calculation, and how it came to its dates.

    `target` is the one date of EARLIEST, LATEST and DATE; `targets` are the dates of EACH, by coverage.
    """

    mode: Mode
    calculation: Calculation
    target: Target | None = None
    targets: Mapping[UUID, Target] = field(default_factory=dict)
    cost_free: CostFree | None = None
    reach: Reach | None = None

    @property
    def raised_by(self) -> tuple[UUID, ...]:
        """The coverages that demanded a later date than the mode gave."""
        if self.target:
            return self.target.raised_by
        return tuple(coverage for coverage, target in self.targets.items() if target.raised_by)


def propose(held: Sequence[Position], ask: Ask) -> Plan:
    """The calculation of the mode that is asked for; raises Refusal when the rules say no."""
    return PLANS[ask.mode](held, ask)


def compare(held: Sequence[Position], ask: Ask) -> dict[Mode, Plan | Refusal]:
    """The mode that is asked for and every other that `ask` says enough for: its plan, or why there is none.

    The term is that of EARLIEST and EACH; LATEST has none unless it is the one that is asked for.
    """
    return {mode: _attempt(held, _instead(mode, ask)) for mode in Mode if _is_answerable(mode, ask)}


def currency_of(held: Sequence[Position]) -> str:
    """The currency of most positions that still have cover; of equals the first by name."""
    counted = Counter(each.currency for each in held if each.lapse_class is LapseClass.CURRENT)
    if not counted:
        raise NothingToQuote
    return min(counted, key=lambda currency: (-counted[currency], currency))


def _is_answerable(mode: Mode, ask: Ask) -> bool:
    needed = {Mode.DATE: ask.ends_on, Mode.LINES: ask.dates, Mode.BUDGET: ask.budget is not None}
    return mode is ask.mode or bool(needed.get(mode, True))


def _instead(mode: Mode, ask: Ask) -> Ask:
    if mode is ask.mode:
        return ask
    return replace(ask, mode=mode, months=None) if mode is Mode.LATEST else replace(ask, mode=mode)


def _attempt(held: Sequence[Position], ask: Ask) -> Plan | Refusal:
    try:
        return propose(held, ask)
    except Refusal as refusal:
        return refusal


def _earliest(held: Sequence[Position], ask: Ask) -> Plan:
    return _to(held, ask, earliest(held, months=ask.term, minimum_months=ask.minimum_months))


def _latest(held: Sequence[Position], ask: Ask) -> Plan:
    return _to(held, ask, latest(held, months=ask.months or 0, minimum_months=ask.minimum_months))


def _chosen(held: Sequence[Position], ask: Ask) -> Plan:
    if ask.ends_on is None:
        raise NothingToQuote
    return _to(held, ask, chosen(held, ask.ends_on, minimum_months=ask.minimum_months))


def _to(held: Sequence[Position], ask: Ask, target: Target) -> Plan:
    return Plan(ask.mode, calculate(held, target.ends_on), target)


def _cost_free(held: Sequence[Position], ask: Ask) -> Plan:
    shared = cost_free(held, currency=ask.currency or currency_of(held))
    return Plan(ask.mode, exchange(held, shared), cost_free=shared)


def _each(held: Sequence[Position], ask: Ask) -> Plan:
    targets = each_plus(held, months=ask.term)
    return Plan(ask.mode, calculate(held, _ends(targets)), targets=targets)


def _lines(held: Sequence[Position], ask: Ask) -> Plan:
    asked = {each.coverage: ask.dates[each.coverage] for each in held if each.coverage in ask.dates}
    others = [each for each in held if each.coverage not in asked]
    targets = each_plus(others, months=ask.term) if others else {}
    return Plan(ask.mode, calculate(held, asked | _ends(targets)), targets=targets)


def _budget(held: Sequence[Position], ask: Ask) -> Plan:
    if ask.budget is None:
        raise NothingToQuote
    found = reach(ask.budget, held, minimum_months=ask.minimum_months)
    return Plan(ask.mode, calculate(held, found.ends_on), reach=found)


def _ends(targets: Mapping[UUID, Target]) -> dict[UUID, date]:
    return {coverage: target.ends_on for coverage, target in targets.items()}


PLANS: Mapping[Mode, Callable[[Sequence[Position], Ask], Plan]] = {
    Mode.EARLIEST: _earliest,
    Mode.LATEST: _latest,
    Mode.DATE: _chosen,
    Mode.COST_FREE: _cost_free,
    Mode.EACH: _each,
    Mode.LINES: _lines,
    Mode.BUDGET: _budget,
}
