"""What an advisor should look at, ordered by what is lost first (6-interface, "partner-dashboard")."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from accounts.rules import AccessLevel
from renewals.rules.reminders import DEFAULT, Schedule

SOON_DAYS = 30
FRESH_DAYS = 14
CLOSING_DAYS = 30


class Reason(StrEnum):
    """Why a coverage needs somebody."""

    CLOSING = "closing"
    LAPSED = "lapsed"
    ACCESS_ENDS = "access_ends"
    NO_PRICES = "no_prices"
    LARGEST = "largest"
    SOON = "soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A coverage as its advisor sees it; both dates are inclusive, `access_until` is the last day of access."""

    coverage: UUID
    customer: UUID
    expires_on: date
    quantity: int
    level: AccessLevel
    access_until: date


@dataclass(frozen=True, slots=True)
class Matter:
    """A customer's most urgent coverage for one reason; `lost_on` is the last day on which nothing is lost yet.

    `coverages` counts those of the customer that share the reason and the day.
    """

    candidate: Candidate
    reason: Reason
    lost_on: date
    coverages: int


def windows(today: date, *, schedule: Schedule = DEFAULT) -> tuple[tuple[date, date], tuple[date, date]]:
    """The expiry dates that can need attention, both inclusive: gaps that close soon, and what is near today."""
    last_closing = today - timedelta(schedule.boundary)
    closing = last_closing, last_closing + timedelta(CLOSING_DAYS)
    return closing, (today - timedelta(FRESH_DAYS), today + timedelta(SOON_DAYS))


def attention(candidates: Iterable[Candidate], today: date, *, most: int, schedule: Schedule = DEFAULT) -> list[Matter]:
    """At most `most`: what would be gone for good first, then by the day of the loss.

    A customer is named once for each reason; plain expiry only fills what room is left, and only for customers
    who are not named yet.
    """
    asked = list(candidates)
    largest = _largest(asked, today)
    found = [_matter(each, today, largest, schedule) for each in asked]
    ordered = sorted((each for each in found if each), key=lambda each: (_kin(each), _rank(each)))
    first = [_counted(list(group)) for _kind, group in groupby(ordered, key=_kin)]
    special = sorted((each for each in first if each.reason is not Reason.SOON), key=_rank)[:most]
    named = {each.candidate.customer for each in special}
    plain = (each for each in first if each.reason is Reason.SOON and each.candidate.customer not in named)
    return sorted([*special, *sorted(plain, key=_rank)[: most - len(special)]], key=_rank)


def _kin(matter: Matter) -> tuple[UUID, Reason]:
    return matter.candidate.customer, matter.reason


def _largest(candidates: list[Candidate], today: date) -> UUID | None:
    """The coverage that expires soon with the most licences, where there is a choice."""
    ahead = [each for each in candidates if each.expires_on >= today]
    top = max(ahead, key=lambda each: (each.quantity, each.coverage), default=None)
    return top.coverage if top and len(ahead) > 1 else None


def _matter(each: Candidate, today: date, largest: UUID | None, schedule: Schedule) -> Matter | None:
    boundary = each.expires_on + timedelta(schedule.boundary)
    if each.expires_on < today:
        if 0 <= (boundary - today).days <= CLOSING_DAYS:
            return Matter(each, Reason.CLOSING, boundary, 1)
        is_fresh = (today - each.expires_on).days <= FRESH_DAYS
        return Matter(each, Reason.LAPSED, each.expires_on, 1) if is_fresh else None
    if (each.expires_on - today).days > SOON_DAYS:
        return None
    if each.access_until < each.expires_on:
        return Matter(each, Reason.ACCESS_ENDS, each.access_until, 1)
    if each.level < AccessLevel.QUOTE:
        return Matter(each, Reason.NO_PRICES, each.expires_on, 1)
    return Matter(each, Reason.LARGEST if each.coverage == largest else Reason.SOON, each.expires_on, 1)


def _rank(matter: Matter) -> tuple[bool, date, bool, int, UUID]:
    """A gap that closes for good comes before everything; a reason of its own before the plain one."""
    can_wait, is_plain = matter.reason is not Reason.CLOSING, matter.reason is Reason.SOON
    return can_wait, matter.lost_on, is_plain, -matter.candidate.quantity, matter.candidate.coverage


def _counted(group: list[Matter]) -> Matter:
    first = group[0]
    alike = sum((each.reason, each.lost_on) == (first.reason, first.lost_on) for each in group)
    return Matter(first.candidate, first.reason, first.lost_on, alike)
