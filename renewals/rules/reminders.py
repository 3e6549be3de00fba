"""Which reminder of a coverage is due on a day, and which ones it supersedes (1-product, "Reminders")."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

NOTICE_CODE = -1000
BOUNDARY_CODE = 2000
BEYOND_DAYS = 500
URGENT_FROM = -7
NEAR = range(-30, 31)


class Deadline(StrEnum):
    """What a window counts its days from."""

    EXPIRY = "expiry"
    NOTICE = "notice"
    BOUNDARY = "boundary"


class Sort(StrEnum):
    """What a reminder speaks of; a reader may stop each by itself."""

    AHEAD = "ahead"
    NOTICE = "notice"
    LAPSED = "lapsed"
    BOUNDARY = "boundary"


def sort_of(code: int) -> Sort:
    """What the window of that code speaks of."""
    if abs(code) > BEYOND_DAYS:
        return Sort.NOTICE if code < 0 else Sort.BOUNDARY
    return Sort.AHEAD if code <= 0 else Sort.LAPSED


@dataclass(frozen=True, slots=True)
class Window:
    """One reminder of a series: `day` days after its deadline (negative: before it).

    `code` names it in the ledger's unique key, and says alone what it is: the day counted from the expiry date;
    for a notice deadline the day below −1000; for the recovery boundary the day below 2000.
    """

    code: int
    day: int
    deadline: Deadline = Deadline.EXPIRY

    @property
    def near(self) -> bool:
        """Within −30…+30 of its deadline, where approvers and every assigned contact are told."""
        return self.deadline is not Deadline.BOUNDARY and self.day in NEAR

    @property
    def urgent(self) -> bool:
        """From −7 on: goes on its day, instead of collecting for the reader's Monday."""
        return self.deadline is Deadline.BOUNDARY or self.day >= URGENT_FROM


@dataclass(frozen=True, slots=True)
class Schedule:
    """When one coverage is reminded of; policy that an operator edits (1-product, "Reminders", D).

    `boundary` is the last day after the expiry on which the gap can be closed; `warnings` are days
    before it; the last window before the boundary's lasts `tail` days. `notice` is how many days before the expiry
    one has to say that one will not go on; None where nobody needs to.
    """

    days: tuple[int, ...] = (-120, -90, -60, -30, -14, -7, -1, 0, 7, 30)
    boundary: int = 365
    warnings: tuple[int, ...] = (30, 7)
    tail: int = 30
    notice: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A window and the days on which it is due: from `opens_on` until, not on, `closes_on`."""

    window: Window
    opens_on: date
    closes_on: date

    def on(self, day: date) -> bool:
        """Whether the window is due on `day`."""
        return self.opens_on <= day < self.closes_on


@dataclass(frozen=True, slots=True)
class Lasting:
    """A window and its days relative to the expiry date: due from `opens` until, not on, `closes`."""

    window: Window
    opens: int
    closes: int


DEFAULT = Schedule()


def _windows(schedule: Schedule, notice: int | None) -> Iterator[tuple[int, Window]]:
    """Every window with the day on which it opens, relative to the expiry; of two on one day the weightier first."""
    for day in schedule.days:
        if notice is not None and day < 0:
            yield notice + day, Window(NOTICE_CODE + day, day, Deadline.NOTICE)
    for day in schedule.days:
        if notice is None or day >= URGENT_FROM:
            yield day, Window(day, day)
    for before in schedule.warnings:
        opens = schedule.boundary - before
        yield opens, Window(BOUNDARY_CODE - before, -before, Deadline.BOUNDARY)


def lasting(schedule: Schedule = DEFAULT, *, notice: int | None = None) -> tuple[Lasting, ...]:
    """The windows in order, each due until the next one opens; `notice` is days after the expiry (negative).

    Of two windows that open on one day only the first deadline's speaks.
    """
    if notice is None and schedule.notice is not None:
        notice = -schedule.notice
    distinct: dict[int, Window] = {}
    for opens, window in _windows(schedule, notice):
        distinct.setdefault(opens, window)
    opening = sorted(distinct)
    closing = [*opening[1:], schedule.boundary + 1]
    tail = max(schedule.days, default=0)
    return tuple(
        Lasting(distinct[opens], opens, min(closes, opens + schedule.tail) if opens == tail else closes)
        for opens, closes in zip(opening, closing, strict=True)
    )


def timeline(expires_on: date, *, schedule: Schedule = DEFAULT, notice_on: date | None = None) -> tuple[Due, ...]:
    """All windows of the series that `expires_on` opens, with their dates in the customer's calendar."""
    notice = None if notice_on is None else (notice_on - expires_on).days
    return tuple(
        Due(each.window, expires_on + timedelta(each.opens), expires_on + timedelta(each.closes))
        for each in lasting(schedule, notice=notice)
    )


def due(series: Iterable[Due], today: date) -> Due | None:
    """The one window that is due on `today`, if any: the newest whose day has come and not gone."""
    return next((each for each in series if each.on(today)), None)


def superseded(series: Iterable[Due], today: date) -> tuple[Window, ...]:
    """The windows whose day has passed unsent once a newer one is due; nothing while none is due."""
    series = tuple(series)
    newest = due(series, today)
    return tuple(each.window for each in series if newest and each.opens_on < newest.opens_on)


def given_up_on(series: Iterable[Due], window: Window) -> date:
    """The day from which failed sending of `window` is no longer tried: the next window speaks instead."""
    return next(each.closes_on for each in series if each.window == window)
