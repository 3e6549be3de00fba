"""Time zones: in which of them a new day has begun, and when mail may leave in each."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from renewals.rules.hours import leaves_at

QUARTER = 15 * 60


def turned_zones(last: datetime, now: datetime) -> dict[str, tuple[date, date]]:
    """The zones in which a new day has begun, with their days at both instants.

    All offsets are quarters of an hour, so between two there is none.
    """
    if int(last.timestamp()) // QUARTER == int(now.timestamp()) // QUARTER:
        return {}
    days = {name: (last.astimezone(zone).date(), now.astimezone(zone).date()) for name, zone in zones()}
    return {name: (before, today) for name, (before, today) in days.items() if today > before}


def leaving(now: datetime, *, at_once: bool) -> dict[str, str]:
    """When an urgent and a calm row may leave, for each time zone that a reader may live in.

    As three texts: the driver would look at each element of a list.
    """
    return {
        "zones": " ".join(name for name, _ in zones()),
        "urgent": " ".join(instants(now, urgent=True, at_once=at_once)),
        "calm": " ".join(instants(now, urgent=False, at_once=at_once)),
    }


def instants(now: datetime, *, urgent: bool, at_once: bool) -> Iterator[str]:
    """The instant from which such a row may leave, zone by zone."""
    for _, zone in zones():
        yield (now if at_once else leaves_at(urgent=urgent, now=now.astimezone(zone))).isoformat()


@cache
def zones() -> tuple[tuple[str, ZoneInfo], ...]:
    """Every time zone there is."""
    return tuple((name, ZoneInfo(name)) for name in sorted(available_timezones()) if name != "localtime")
