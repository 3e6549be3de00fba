"""When a version of a price schedule may begin, and which of its prices get in one another's way."""

from bisect import bisect
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar


class Obstacle(StrEnum):
    """Why something cannot be done with a version."""

    NO_DRAFT = "no_draft"
    EMPTY = "empty"
    PAST = "past"
    BACKWARD = "backward"
    TAKEN = "taken"
    BEGUN = "begun"
    OVERLAP = "overlap"


class ScheduleRefused(Exception):
    """The version stays as it is."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Validity:
    """The days of a version, both inclusive; without an end it lasts until the next one begins."""

    begins_on: date
    ends_on: date | None = None


def obstacle_to(wanted: Validity, *, others: Iterable[Validity], today: date) -> Obstacle | None:
    """What keeps a version from being published for those days, beside the `others` of its programme.

    It may begin today, never earlier: what was in force on a day stays what it was. One that began today already is
    replaced, so that a wrong price is corrected at once; it is not among the `others`.
    """
    if wanted.begins_on < today:
        return Obstacle.PAST
    if wanted.ends_on is not None and wanted.ends_on < wanted.begins_on:
        return Obstacle.BACKWARD
    return Obstacle.TAKEN if any(each.begins_on == wanted.begins_on for each in others) else None


def last_day(planned_to: date | None, *, next_begins_on: date | None) -> date | None:
    """The last day of a version: the planned one, or the day before the next version, whichever comes first."""
    ends = [planned_to, next_begins_on and next_begins_on - timedelta(1)]
    return min((day for day in ends if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class Band:
    """The quantities of one price, both inclusive; `key` is all that two prices must share to clash."""

    key: Hashable
    qty_min: int
    qty_max: int | None = None


Named = TypeVar("Named", bound=Hashable)


def clashes(bands: Iterable[tuple[Named, Band]]) -> Iterator[tuple[Named, Named]]:
    """Pairs of names whose prices fit the same quantity: the later one, and the earlier one that it meets.

    Names come in the order in which they were given: the first of two is the one that stays.
    """
    standing: dict[Hashable, list[tuple[Band, Named]]] = {}
    for name, band in bands:
        held = standing.setdefault(band.key, [])
        place = bisect(held, band.qty_min, key=lambda each: each[0].qty_min)
        # Those that stand are apart from one another: only its neighbours can meet the new one.
        near = held[max(place - 1, 0) : place + 1]
        met = next((other for each, other in near if _meet(each, band)), None)
        if met is None:
            held.insert(place, (band, name))
        else:
            yield name, met


def _meet(one: Band, other: Band) -> bool:
    return _starts_within(one, other) and _starts_within(other, one)


def _starts_within(one: Band, other: Band) -> bool:
    return other.qty_max is None or one.qty_min <= other.qty_max
