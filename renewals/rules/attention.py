"""What an advisor should look at, ordered by what is lost first (6-interface, "partner-dashboard")."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from accounts.rules import AccessLevel
from renewals.rules.quotes import WARN_DAYS
from renewals.rules.reminders import DEFAULT

SOON_DAYS = 30
FRESH_DAYS = 14
CLOSING_DAYS = 30
PATIENT_DAYS, HURRIED_DAYS = 7, 2
"""So long a quote may wait for its answer before one asks; the second where a coverage expires within FRESH_DAYS."""


class Reason(StrEnum):
    """Why a coverage or a quote needs somebody."""

    CLOSING = "closing"
    LAPSED = "lapsed"
    ACCESS_ENDS = "access_ends"
    NO_PRICES = "no_prices"
    LARGEST = "largest"
    SOON = "soon"
    TO_PLACE = "to_place"
    OUTDATED = "outdated"
    QUOTE_ENDS = "quote_ends"
    UNANSWERED = "unanswered"


# While a quote waits for its answer, or its order for being placed, the quote speaks of its coverages.
SPOKEN_FOR = (Reason.LAPSED, Reason.LARGEST, Reason.SOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A coverage as its advisor sees it; both dates are inclusive, `access_until` is the last day of access.

    `boundary` is the last day after the expiry on which its gap can be closed, by the policy of its programme.
    """

    coverage: UUID
    customer: UUID
    expires_on: date
    quantity: int
    level: AccessLevel
    access_until: date
    boundary: int = DEFAULT.boundary
    assignment: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A quote of the firm's that still can be accepted, or whose order waits for being placed.

    `first_on` is the earliest expiry of its coverages, `sent_on` the day of its submission, None for a draft;
    `is_outdated`: its coverages are no longer what was priced.
    """

    quote: UUID
    customer: UUID
    number: str
    coverages: tuple[UUID, ...]
    first_on: date
    valid_until: date
    sent_on: date | None
    is_outdated: bool = False
    order: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A quote that needs somebody; `lost_on` is the last day on which nothing is lost yet."""

    offer: Offer
    reason: Reason
    lost_on: date

    @property
    def customer(self) -> UUID:
        return self.offer.customer

    @property
    def rank(self) -> "Rank":
        return True, self.lost_on, False, -len(self.offer.coverages), self.offer.quote


Rank = tuple[bool, date, bool, int, UUID]
"""A gap that closes for good comes before everything; a reason of its own before the plain one."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A customer's most urgent coverage for one reason; `lost_on` is the last day on which nothing is lost yet.

    `coverages` counts those of the customer that share the reason and the day.
    """

    candidate: Candidate
    reason: Reason
    lost_on: date
    coverages: int

    @property
    def customer(self) -> UUID:
        return self.candidate.customer

    @property
    def rank(self) -> Rank:
        can_wait, is_plain = self.reason is not Reason.CLOSING, self.reason is Reason.SOON
        return can_wait, self.lost_on, is_plain, -self.candidate.quantity, self.candidate.coverage


def closing(today: date, *, boundary: int) -> tuple[date, date]:
    """The expiry dates whose gap closes for good soon, both inclusive."""
    last_closing = today - timedelta(boundary)
    return last_closing, last_closing + timedelta(CLOSING_DAYS)


def near(today: date) -> tuple[date, date]:
    """The other expiry dates that can need attention, both inclusive."""
    return today - timedelta(FRESH_DAYS), today + timedelta(SOON_DAYS)


def attention(
    candidates: Iterable[Candidate],
    today: date,
    *,
    most: int,
    offers: Collection[Offer] = (),
) -> list[Matter | Pending]:
    """At most `most`: what would be gone for good first, then by the day of the loss.

    A customer is named once for each reason, and each quote once; plain expiry only fills what room is left, and only
    for customers who are not named yet.
    """
    asked = list(candidates)
    largest = _largest(asked, today)
    found = (_matter(each, today, largest) for each in asked)
    spoken = {coverage for each in offers if each.sent_on for coverage in each.coverages}
    loud = [each for each in found if each and not (each.reason in SPOKEN_FOR and each.candidate.coverage in spoken)]
    ordered = sorted(loud, key=lambda each: (_kin(each), each.rank))
    first = [_counted(list(group)) for _kind, group in groupby(ordered, key=_kin)]
    special: list[Matter | Pending] = [each for each in first if each.reason is not Reason.SOON]
    special = sorted([*special, *pending(offers, today)], key=_rank)[:most]
    named = {each.customer for each in special}
    plain = (each for each in first if each.reason is Reason.SOON and each.customer not in named)
    return sorted([*special, *sorted(plain, key=_rank)[: most - len(special)]], key=_rank)


def pending(offers: Iterable[Offer], today: date) -> list[Pending]:
    """Quotes with something to do: to place, to recalculate, about to end, or long without an answer."""
    found = ((each, _reason(each, today)) for each in offers)
    return [Pending(each, reason, _lost_on(each, reason, today)) for each, reason in found if reason]


def _reason(offer: Offer, today: date) -> Reason | None:
    if offer.order:
        return Reason.TO_PLACE
    if offer.is_outdated:
        return Reason.OUTDATED
    if offer.sent_on is None:
        return None
    if (offer.valid_until - today).days <= WARN_DAYS:
        return Reason.QUOTE_ENDS
    patience = HURRIED_DAYS if (offer.first_on - today).days <= FRESH_DAYS else PATIENT_DAYS
    return Reason.UNANSWERED if (today - offer.sent_on).days >= patience else None


def _lost_on(offer: Offer, reason: Reason, today: date) -> date:
    """The earlier of the first expiry and the last day of its prices; an accepted quote keeps its prices."""
    days = (offer.first_on,) if reason is Reason.TO_PLACE else (offer.first_on, offer.valid_until)
    return min((day for day in days if day >= today), default=today)


def _rank(each: Matter | Pending) -> Rank:
    return each.rank


def _kin(matter: Matter) -> tuple[UUID, Reason]:
    return matter.candidate.customer, matter.reason


def _largest(candidates: list[Candidate], today: date) -> UUID | None:
    """The coverage that expires soon with the most licences, where there is a choice."""
    ahead = [each for each in candidates if each.expires_on >= today]
    top = max(ahead, key=lambda each: (each.quantity, each.coverage), default=None)
    return top.coverage if top and len(ahead) > 1 else None


def _matter(each: Candidate, today: date, largest: UUID | None) -> Matter | None:
    boundary = each.expires_on + timedelta(each.boundary)
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


def _counted(group: list[Matter]) -> Matter:
    first = group[0]
    alike = sum((each.reason, each.lost_on) == (first.reason, first.lost_on) for each in group)
    return Matter(first.candidate, first.reason, first.lost_on, alike)
