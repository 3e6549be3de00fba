"""From coverages and a date to lines and totals: the one entry to a quote's arithmetic (1-product, "Rules")."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from renewals.rules.coterm import CostFree
from renewals.rules.lapse import LapseClass
from renewals.rules.limits import refuse_early, refuse_late
from renewals.rules.lines import Kind, Line, cover
from renewals.rules.positions import Position
from renewals.rules.recovery import recovery
from renewals.rules.refusals import NothingToQuote
from renewals.rules.reinstatement import reinstatement
from renewals.rules.renewal import renewal

CHARGED: Mapping[LapseClass, Callable[[Position, date], tuple[Line, ...]]] = {
    LapseClass.CURRENT: renewal,
    LapseClass.REINSTATEMENT: reinstatement,
    LapseClass.RECOVERY: recovery,
}


@dataclass(frozen=True, slots=True)
class Calculation:
    """A quote's lines in the order of its coverages, and their sum for each currency.

    `ends_on` is None where the lines have dates of their own. It can be accepted through `valid_until`.
    """

    priced_on: date
    valid_until: date
    ends_on: date | None
    lines: tuple[Line, ...]

    @property
    def totals(self) -> dict[str, Decimal]:
        """The sum of the rounded lines by currency, never mixed."""
        return totals(self.lines)


def totals(lines: Iterable[Line]) -> dict[str, Decimal]:
    """The sum of the lines by currency."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.amount
    return dict(sorted(sums.items()))


def charged(position: Position, ends_on: date) -> tuple[Line, ...]:
    """What one coverage costs to that date, by its class on the pricing day; limits are the caller's."""
    return CHARGED[position.lapse_class](position, ends_on)


def cost(position: Position, ends_on: date) -> Decimal:
    """The sum of those lines."""
    return sum((line.amount for line in charged(position, ends_on)), start=Decimal(0))


def calculate(positions: Sequence[Position], ends_on: date | Mapping[UUID, date]) -> Calculation:
    """Every coverage to the one date, or each to its own by coverage; raises NothingToQuote, TooEarly, TooLate."""
    dates = {each.coverage: ends_on for each in positions} if isinstance(ends_on, date) else ends_on
    refuse_early(positions, dates)
    refuse_late(positions, dates)
    return _calculation(positions, [line for each in positions for line in charged(each, dates[each.coverage])])


def exchange(positions: Sequence[Position], plan: CostFree) -> Calculation:
    """The lines of a cost-free date: nothing is charged, and their days are given or taken."""
    sharing = [each for each in positions if each.coverage in plan.days]
    return _calculation(sharing, [_free(each, plan.ends_on) for each in sharing])


def _free(position: Position, ends_on: date) -> Line:
    return cover(position, Kind.RENEWAL, parts=(), after_on=position.expires_on, ends_on=ends_on)


def _calculation(positions: Sequence[Position], lines: Iterable[Line]) -> Calculation:
    if not positions:
        raise NothingToQuote
    lines = tuple(lines)
    ends = {line.ends_on for line in lines if line.kind is not Kind.REINSTATEMENT_FEE}
    return Calculation(
        priced_on=positions[0].priced_on,
        valid_until=min(each.valid_until for each in positions),
        ends_on=ends.pop() if len(ends) == 1 else None,
        lines=lines,
    )
