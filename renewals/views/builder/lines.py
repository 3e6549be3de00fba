"""The lines of the builder's table: what each coverage is, costs, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts.rules import Actor, Kind
from interface import dates
from interface.money import money_exact, number, percent, price
from licences.models import PROGRAMMES
from licences.rules.serials import masked
from renewals.rules.choice import Choice
from renewals.rules.lines import Kind as LineKind
from renewals.rules.lines import Line
from renewals.rules.modes import Mode
from renewals.rules.positions import Position
from renewals.rules.refusals import TooEarly, TooLate, Unpriced
from renewals.services.candidates import Candidate
from renewals.services.previews import Preview
from renewals.views.builder import words
from renewals.views.builder.arithmetic import Working, working

PAGE = 50
LAPSED = (LineKind.REINSTATEMENT, LineKind.RECOVERY)
YEAR = 12


@dataclass(frozen=True, slots=True)
class Extra:
    """What comes on top of a line's cover, or only explains it (`is_part`): the fee, the cap, the days behind."""

    label: str
    amount: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One coverage as the table shows it; `trouble` says why it has no amount."""

    coverage: UUID
    product: str
    programme: str | Promise
    serial: str
    quantity: str
    a_year: str
    until: str
    is_ticked: bool
    may_tick: bool
    kind: str = ""
    days: str = ""
    amount: str = ""
    ends_on: date | None = None
    trouble: str = ""
    is_refused: bool = False
    extras: tuple[Extra, ...] = ()
    workings: tuple[Working, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One page of the lines."""

    rows: Sequence[Row]
    page: int
    pages: int
    has_dates: bool
    all_url: str = ""

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1 if self.page < self.pages else 0


def table(actor: Actor, found: Preview, choice: Choice) -> Table:
    """The page that is asked for, the last one where there are fewer."""
    pages = max(1, -(-len(found.candidates) // PAGE))
    page = min(choice.page, pages)
    shown = found.candidates[(page - 1) * PAGE : page * PAGE]
    writer = Writer(actor, found, choice, {each.coverage for each in shown})
    everything = (
        f"{reverse('renewals:quote-new')}?{Choice(customer=found.buyer.slug).query()}" if choice.coverages else ""
    )
    return Table([writer.row(each) for each in shown], page, pages, choice.mode is Mode.LINES, everything)


class Writer:
    """Writes the rows of one page."""

    def __init__(self, actor: Actor, found: Preview, choice: Choice, shown: set[UUID]) -> None:
        self.found, self.choice, self.is_own = found, choice, actor.kind is Kind.CUSTOMER
        self.held = {each.coverage: each for each in found.held if each.coverage in shown}
        self.lines = _by_coverage(found, shown)

    def row(self, each: Candidate) -> Row:
        position, lines = self.held.get(each.coverage), self.lines.get(each.coverage, ())
        return Row(
            coverage=each.coverage,
            product=each.product,
            programme=PROGRAMMES[each.programme],
            serial=each.serial if self.is_own else masked(each.serial),
            quantity=number(each.quantity),
            a_year=_a_year(position),
            until=dates.day(each.expires_on) if each.expires_on else "",
            is_ticked=each.may_tick and each.coverage not in self.choice.out,
            may_tick=each.may_tick,
            trouble="" if lines else self.trouble(each),
            is_refused=each.may_tick,
            **(_priced(lines, position, self.found) if position and lines else {}),
        )

    def trouble(self, each: Candidate) -> str:
        """Why there is no amount; nothing for what is left out."""
        refusal = self.found.refusal
        if not each.may_quote:
            return gettext("Dates only")
        if each.on_order:
            return gettext("On order")
        if each.expires_on is None:
            return gettext("No date")
        if isinstance(refusal, Unpriced) and each.coverage in refusal.faults:
            return gettext("No price")
        if isinstance(refusal, TooEarly | TooLate) and (limit := refusal.limits.get(each.coverage)):
            late = isinstance(refusal, TooLate)
            bound = gettext("not after %(date)s") if late else gettext("not before %(date)s")
            return bound % {"date": dates.day(limit)}
        return ""


def _by_coverage(found: Preview, shown: set[UUID]) -> Mapping[UUID, list[Line]]:
    lines: dict[UUID, list[Line]] = {}
    for line in found.plan.calculation.lines if found.plan else ():
        if line.coverage in shown:
            lines.setdefault(line.coverage, []).append(line)
    return lines


def _a_year(position: Position | None) -> str:
    if position is None:
        return ""
    year = next((each.amount for each in position.tariff.terms if each.months == YEAR), None)
    return price(year, position.currency) if year is not None else ""


def _priced(lines: Sequence[Line], position: Position, found: Preview) -> dict[str, Any]:
    cover = lines[0]
    kinds = {LineKind.REINSTATEMENT: gettext("reinstatement"), LineKind.RECOVERY: gettext("recovery")}
    return {
        "kind": kinds.get(cover.kind, ""),
        "days": number(cover.days),
        "amount": money_exact(cover.amount, cover.currency),
        "ends_on": cover.ends_on,
        "extras": tuple(_extras(lines, position)),
        "workings": tuple(working(line, position, found.basis) for line in lines),
    }


def _extras(lines: Sequence[Line], position: Position) -> Iterator[Extra]:
    for line in lines:
        if line.back is not None:
            behind = (position.priced_on - position.expires_on).days
            label = gettext("of which %(days)s without cover") % {"days": words.days(behind)}
            yield Extra(label, money_exact(line.back, line.currency), is_part=True)
        elif line.kind is LineKind.REINSTATEMENT_FEE:
            label = gettext("Reinstatement fee, %(share)s of these") % {"share": percent(position.policy.fee)}
            yield Extra(label, money_exact(line.amount, line.currency))
        elif line.kind is LineKind.REINSTATEMENT_CAP:
            yield Extra(gettext("Reduced to the price of recovery"), money_exact(line.amount, line.currency))
