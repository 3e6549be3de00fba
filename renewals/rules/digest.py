"""What one digest says: its lines by customer and deadline, the most urgent first (1-product, "Reminders")."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from renewals.rules.reminders import DEFAULT, Sort, sort_of


class Case(StrEnum):
    """Where a coverage stands on the day its mail is sent."""

    AHEAD = "ahead"
    TOMORROW = "tomorrow"
    TODAY = "today"
    YESTERDAY = "yesterday"
    NOTICE = "notice"
    LAPSED = "lapsed"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Item:
    """One coverage in a digest; `window` is the code of the reminder that brought it there.

    `boundary` is the last day after the expiry on which the gap closes; `notice` the day by which one has to say that
    one will not go on, counted from the expiry (negative), None where nobody needs to.
    """

    licence: UUID
    customer: UUID
    customer_name: str
    product: str
    programme: str
    quantity: int
    expires_on: date
    window: int
    coverage: UUID | None = None
    boundary: int = DEFAULT.boundary
    notice: int | None = None

    @property
    def decides_on(self) -> date:
        """The day by which something has to be done, as this reminder puts it."""
        days = {Sort.BOUNDARY: self.boundary, Sort.NOTICE: self.notice or 0}.get(sort_of(self.window), 0)
        return self.expires_on + timedelta(days)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The coverages of one customer that share an expiry date, with the days counted at sending.

    `days` is the distance from the expiry, never negative; `boundary_on` the last day on which the gap closes, or
    on which notice is given; `count` how many there are, also when not all of them are listed.
    """

    case: Case
    expires_on: date
    days: int
    boundary_on: date
    items: tuple[Item, ...]
    count: int

    @property
    def nearness(self) -> tuple[int, bool, date]:
        """The nearer the day that decides, ahead or behind, the more urgent; what can still be saved goes first."""
        apart = (self.boundary_on - self.expires_on).days
        days = {Case.CLOSING: apart - self.days, Case.NOTICE: abs(self.days + apart)}.get(self.case, self.days)
        return days, self.case is Case.LAPSED, self.expires_on


@dataclass(frozen=True, slots=True)
class Group:
    """One customer's part of a digest."""

    customer: UUID
    name: str
    deadlines: tuple[Deadline, ...]

    @property
    def size(self) -> int:
        """How many coverages it lists."""
        return sum(len(deadline.items) for deadline in self.deadlines)


def case(expires_on: date, today: date, *, window: int) -> Case:
    """How the mail of `today` puts it; a warning of the recovery boundary or of a notice says so whatever the day."""
    if (sort := sort_of(window)) in (Sort.BOUNDARY, Sort.NOTICE):
        return Case.CLOSING if sort is Sort.BOUNDARY else Case.NOTICE
    days = (expires_on - today).days
    close = {1: Case.TOMORROW, 0: Case.TODAY, -1: Case.YESTERDAY}
    return close.get(days, Case.AHEAD if days > 0 else Case.LAPSED)


def _deadlines(items: Iterable[Item], today: date) -> tuple[Deadline, ...]:
    def key(item: Item) -> tuple[date, Case, date]:
        said = case(item.expires_on, today, window=item.window)
        special = said in (Case.CLOSING, Case.NOTICE)
        return item.expires_on, said, item.decides_on if special else item.expires_on + timedelta(item.boundary)

    ordered = sorted(items, key=lambda item: (*key(item), item.product, item.programme, item.licence))
    deadlines = (
        Deadline(
            case=said,
            expires_on=expires_on,
            days=abs((expires_on - today).days),
            boundary_on=boundary_on,
            items=tuple(found),
            count=len(found),
        )
        for (expires_on, said, boundary_on), members in groupby(ordered, key=key)
        for found in [list(members)]
    )
    return tuple(sorted(deadlines, key=attrgetter("nearness")))


def grouped(items: Iterable[Item], today: date) -> tuple[Group, ...]:
    """Customers and their deadlines, the most urgent first."""
    by_customer: dict[UUID, list[Item]] = {}
    for item in items:
        by_customer.setdefault(item.customer, []).append(item)
    groups = [
        Group(customer, members[0].customer_name, _deadlines(members, today))
        for customer, members in by_customer.items()
    ]
    return tuple(sorted(groups, key=lambda group: (group.deadlines[0].nearness, group.name, group.customer)))


def shortened(groups: Iterable[Group], *, lines: int) -> tuple[Group, ...]:
    """As much as a mail can show, the most urgent first: at most so many lines; a heading never stands alone."""
    shown: list[Group] = []
    for group in groups:
        deadlines = []
        for deadline in group.deadlines:
            items, lines = deadline.items[:lines], max(lines - len(deadline.items), 0)
            deadlines += [replace(deadline, items=items)] if items else []
        shown += [replace(group, deadlines=tuple(deadlines))] if deadlines else []
    return tuple(shown)
