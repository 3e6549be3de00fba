"""What somebody should know before deciding on a quote: values that name coverages, for others to put into words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from renewals.rules.bands import Hint, hint
from renewals.rules.coterm import LeftOut
from renewals.rules.lapse import LapseClass, class_ends_on
from renewals.rules.lines import Kind
from renewals.rules.modes import Plan
from renewals.rules.positions import Basis, Position
from renewals.rules.refusals import Refusal, TooEarly, TooLate, Unpriced


class Matter(StrEnum):
    """What the caution is about, most pressing first."""

    UNPRICED = "unpriced"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NEARS_RECOVERY = "nears_recovery"
    LAPSED = "lapsed"
    GAP_STAYS = "gap_stays"
    RAISED = "raised"
    SHORTENED = "shortened"
    LEFT_OUT = "left_out"
    OTHER_CURRENCY = "other_currency"
    CHEAPER_BAND = "cheaper_band"
    ON_ORDER = "on_order"
    UNDATED = "undated"
    NOT_SHARED = "not_shared"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Caution:
    """`coverages` are those concerned, none for the quote as a whole; `on` is the day on which it turns.

    TOO_EARLY: the first possible date for all of them; TOO_LATE: the last. LAPSED and NEARS_RECOVERY: the first day
    on which one of them can only be recovered. RAISED: the date that the mode gave. `hint` belongs to CHEAPER_BAND.
    """

    matter: Matter
    coverages: tuple[UUID, ...] = ()
    on: date | None = None
    hint: Hint | None = None
    currency: str = ""

    @property
    def saving(self) -> Decimal:
        """What the larger band would save; 0 for every other matter."""
        return self.hint.saving if self.hint else Decimal(0)


def refused(refusal: Refusal | None) -> tuple[Caution, ...]:
    """The lines that a refusal names, each of which could be left out; empty where it names none."""
    if isinstance(refusal, Unpriced):
        return (Caution(Matter.UNPRICED, tuple(refusal.faults)),)
    if isinstance(refusal, TooEarly):
        return (Caution(Matter.TOO_EARLY, tuple(refusal.limits), max(refusal.limits.values())),)
    if isinstance(refusal, TooLate):
        return (Caution(Matter.TOO_LATE, tuple(refusal.limits), min(refusal.limits.values())),)
    return ()


def cautions(held: Sequence[Position], plan: Plan | None, basis: Basis) -> tuple[Caution, ...]:
    """All that a plan, or the lack of one, makes worth saying about its positions, most pressing first."""
    found = [*_lapses(held), *(_of_plan(plan) if plan else ()), *(_bands(held, plan, basis) if plan else ())]
    return in_turn(found)


def in_turn(found: Iterable[Caution]) -> tuple[Caution, ...]:
    """The most pressing first."""
    rank = {matter: index for index, matter in enumerate(Matter)}
    return tuple(sorted(found, key=lambda each: (rank[each.matter], -each.saving)))


def _lapses(held: Sequence[Position]) -> Iterator[Caution]:
    lapsed = [each for each in held if each.lapse_class is LapseClass.REINSTATEMENT]
    near = [each for each in lapsed if _nears_recovery(each)]
    for matter, concerned in (
        (Matter.NEARS_RECOVERY, near),
        (Matter.LAPSED, [each for each in lapsed if each not in near]),
    ):
        if concerned:
            yield Caution(matter, _ids(concerned), min(map(_recovers_on, concerned)))
    if gone := [each for each in held if each.lapse_class is LapseClass.RECOVERY]:
        yield Caution(Matter.GAP_STAYS, _ids(gone))


def _nears_recovery(position: Position) -> bool:
    """Whether the gap can be closed no longer than a quote usually holds."""
    return _recovers_on(position) <= position.priced_on + timedelta(position.policy.validity_days)


def _recovers_on(position: Position) -> date:
    last = class_ends_on(position.expires_on, position.priced_on, boundary=position.policy.boundary)
    return (last or position.priced_on) + timedelta(1)


def _of_plan(plan: Plan) -> Iterator[Caution]:
    if plan.raised_by:
        yield Caution(Matter.RAISED, plan.raised_by, plan.target.computed_on if plan.target else None)
    if shared := plan.cost_free:
        if shared.shortened:
            yield Caution(Matter.SHORTENED, shared.shortened)
        for matter, why in ((Matter.LEFT_OUT, LeftOut.LAPSED), (Matter.OTHER_CURRENCY, LeftOut.CURRENCY)):
            if out := tuple(coverage for coverage, reason in shared.left_out.items() if reason is why):
                yield Caution(matter, out)


def _bands(held: Sequence[Position], plan: Plan, basis: Basis) -> Iterator[Caution]:
    if plan.cost_free:
        return
    ends = {line.coverage: line.ends_on for line in plan.calculation.lines if line.kind is not Kind.REINSTATEMENT_FEE}
    for each in held:
        # Most articles have one band: no need to price their lines again.
        if each.coverage in ends and _has_larger_band(each, basis):
            found = hint(each.entitlement, basis, ends_on=ends[each.coverage])
            if found:
                yield Caution(Matter.CHEAPER_BAND, (each.coverage,), hint=found, currency=each.currency)


def _has_larger_band(position: Position, basis: Basis) -> bool:
    owned = position.entitlement
    return bool(basis.prices.bands(owned.article, above=owned.quantity, on=basis.priced_on))


def _ids(held: Iterable[Position]) -> tuple[UUID, ...]:
    return tuple(each.coverage for each in held)
