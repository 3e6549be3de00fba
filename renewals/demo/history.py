"""What happened to access in the demo, so that its activity has something to tell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import AuditEntry
from licences.models import Assignment
from licences.rules import Scope, Status
from renewals.demo.draws import demo_id
from renewals.demo.people import Known
from renewals.demo.rows import add

RAISED_FROM, RAISED_TO = 1, 2  # View to Quote: what Owen did this morning in the mock.
THIS_MORNING = timedelta(hours=2)


@dataclass(frozen=True)
class Event:
    """Something that was done to an assignment; `by` is None for the schedule."""

    verb: str
    assignment: Assignment
    at: datetime
    by: UUID | None
    details: dict[str, Any] = field(default_factory=dict)


def load_history(now: datetime, known: Known) -> None:
    """Each grant as it was given, what was raised today, and what has ended by the calendar; each told to both sides.

    Ids follow the time, as those that services write do.
    """
    events = sorted(_events(now, known), key=lambda event: event.at)
    told = set(AuditEntry.objects.filter(event_id__in=map(_event_id, events)).values_list("event_id", flat=True))
    add(AuditEntry, (entry for event in events if _event_id(event) not in told for entry in _entries(event)))


def _events(now: datetime, known: Known) -> Iterator[Event]:
    ids = [known.organisations[customer.slug] for customer in known.customers]
    owen = known.users["owen@larkfield.example"]
    for assignment in Assignment.objects.filter(customer__in=ids, activated_at__isnull=False).order_by("id"):
        given_at = assignment.activated_at or now
        yield Event("assignment.granted", assignment, given_at, assignment.created_by_id)
        if assignment.status == Status.EXPIRED.value and assignment.ended_at:
            yield Event("assignment.ended", assignment, assignment.ended_at, None, {"why": "expired"})
        if _was_raised(assignment, known):
            details = {"level_before": RAISED_FROM, "count": len(known.customers[0].grants[1].covers)}
            yield Event("assignment.level_raised", assignment, now - THIS_MORNING, owen, details)


def _was_raised(assignment: Assignment, known: Known) -> bool:
    pair = (known.organisations["larkfield"], known.organisations["meridian"])
    return (assignment.customer_id, assignment.advisor_id) == pair and assignment.level == RAISED_TO


def _entries(event: Event) -> Iterator[AuditEntry]:
    grant = event.assignment
    details = {"scope": Scope(grant.scope).value, "level": grant.level, "ends_on": grant.ends_on.isoformat()}
    for organisation in (grant.customer_id, grant.advisor_id):
        yield AuditEntry(
            id=demo_id(event.verb, grant.pk, organisation, at=event.at),
            event_id=_event_id(event),
            organisation_id=organisation,
            at=event.at,
            verb=event.verb,
            actor_user_id=event.by,
            actor_organisation_id=grant.customer_id if event.by else None,
            customer_id=grant.customer_id,
            subject_id=grant.pk,
            details=details | event.details | {"advisor": str(grant.advisor_id)},
        )


def _event_id(event: Event) -> UUID:
    return demo_id("event", event.verb, event.assignment.pk)
