"""What was looked at in the demo: a support access that is over, and what advisors and the customer opened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import AuditEntry
from licences.models import SupportAccess
from renewals.demo.customers import BRUNO, MERIDIAN
from renewals.demo.draws import demo_id
from renewals.demo.people import Known
from renewals.demo.rows import add

LARKFIELD, PROGRAMME = "larkfield", "programme"
ALBA, ELENA = "alba@larkfield.example", "elena@programme.example"
REASON = "Case 2041: a warranty that did not show after the import"
GIVEN, LOOKED, OVER = timedelta(days=47), timedelta(days=46), timedelta(days=33)
TAKEN, VIEWED = timedelta(days=3), timedelta(days=2)


@dataclass(frozen=True)
class Look:
    """Something that was opened, given or taken; `by` is None for the schedule, `sides` read of it."""

    verb: str
    at: datetime
    by: tuple[str, str] | None
    sides: tuple[str, ...]
    subject: UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)


def load_looks(now: datetime, known: Known) -> None:
    """Once: the entries hang on the moment at which they were loaded."""
    row = _support(now, known)
    add(SupportAccess, [row])
    looks = list(_looks(now, known, row))
    events = [demo_id("event", look.verb, LARKFIELD) for look in looks]
    if not AuditEntry.objects.filter(event_id__in=events).exists():
        add(AuditEntry, (entry for look in looks for entry in _entries(look, known)))


def _support(now: datetime, known: Known) -> SupportAccess:
    return SupportAccess(
        id=demo_id("support", LARKFIELD),
        customer_id=known.organisations[LARKFIELD],
        programme_id=known.organisations[PROGRAMME],
        reason=REASON,
        ends_on=(now - OVER).date() - timedelta(1),
        created_by_id=known.users[ALBA],
        created_at=now - GIVEN,
        ended_at=now - OVER,
    )


def _looks(now: datetime, known: Known, row: SupportAccess) -> Iterator[Look]:
    both, alba, bruno = (LARKFIELD, PROGRAMME), (LARKFIELD, ALBA), (MERIDIAN, BRUNO)
    ends = {"ends_on": row.ends_on.isoformat()}
    yield Look("support.granted", now - GIVEN, alba, both, row.pk, ends)
    yield Look("support.looked", now - LOOKED, (PROGRAMME, ELENA), both)
    yield Look("support.ended", now - OVER, None, both, row.pk, {**ends, "why": "expired"})
    yield Look("portfolio.taken", now - TAKEN, bruno, (LARKFIELD,), None, {"rows": 6})
    meridian = {"advisor": str(known.organisations[MERIDIAN])}
    yield Look("assignment.viewed_as", now - VIEWED, alba, (LARKFIELD,), None, meridian)


def _entries(look: Look, known: Known) -> Iterator[AuditEntry]:
    for side in look.sides:
        yield AuditEntry(
            id=demo_id(look.verb, LARKFIELD, side, at=look.at),
            event_id=demo_id("event", look.verb, LARKFIELD),
            organisation_id=known.organisations[side],
            at=look.at,
            verb=look.verb,
            actor_user_id=known.users[look.by[1]] if look.by else None,
            actor_organisation_id=known.organisations[look.by[0]] if look.by else None,
            customer_id=known.organisations[LARKFIELD],
            subject_id=look.subject,
            details=look.details,
        )
