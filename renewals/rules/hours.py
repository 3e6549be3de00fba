"""When reminders may leave, in the reader's local time (1-product, "Reminders")."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from renewals.rules.reminders import Window

OPENS, CLOSES = time(8), time(20)


def _opening(day: date, *, like: datetime) -> datetime:
    return datetime.combine(day, OPENS, like.tzinfo)


def _next_monday(day: date) -> date:
    return day + timedelta(7 - day.weekday())


def leaves_at(*, urgent: bool, now: datetime) -> datetime:
    """The instant at which a row that falls due `now` (aware, the reader's zone) may leave.

    At 08:00, or at once until 20:00; rows that are not urgent wait for the reader's Monday.
    """
    today = now.date()
    if not urgent and today.weekday() != 0:
        return _opening(_next_monday(today), like=now)
    if now.time() < CLOSES:
        return max(now, _opening(today, like=now))
    return _opening(today + timedelta(1) if urgent else _next_monday(today), like=now)


def digest_leaves(waiting: Iterable[Window], *, now: datetime, digest_on: date | None) -> bool:
    """Whether a reader's waiting rows leave as one digest at `now`; `digest_on` is the day of the last one.

    Whatever makes it leave, everything that waits goes along. After the day's digest only urgent
    windows go singly.
    """
    sent_today = digest_on == now.date()
    return any(
        leaves_at(urgent=window.urgent, now=now) <= now and (window.urgent or not sent_today) for window in waiting
    )
