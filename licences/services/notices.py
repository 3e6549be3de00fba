"""A change of access is written down for both organisations, and told to both by mail."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts import audit, outbox
from accounts.models import Membership
from accounts.outbox import Addressee
from accounts.rules import Actor, Role
from licences.models import Assignment
from licences.rules.access import Terms

LETTER = "licences.access"
TOLD_OF_ACCESS = (Role.OWNER.value, Role.RENEWALS_MANAGER.value)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a firm's access: `verb` of the audit, and details that are ids, levels, dates and counts."""

    verb: str
    assignment: Assignment
    details: dict[str, Any] = field(default_factory=dict)


def details_of(before: Terms | None, after: Terms | None, **counts: Any) -> dict[str, Any]:
    """The details that entries and letters carry: what is now, and what was before where that differs."""
    shown: dict[str, Any] = {}
    now = after or before
    if now:
        shown |= {"scope": now.scope.value, "level": int(now.level), "ends_on": now.ends_on.isoformat()}
        shown |= {"extends": True} if now.extends else {}
    if before and after and before != after:
        old = {"scope": before.scope.value, "level": int(before.level), "ends_on": before.ends_on.isoformat()}
        shown |= {f"{name}_before": value for name, value in old.items() if value != shown[name]}
    return shown | counts


def readers(assignment: Assignment) -> list[Addressee]:
    """Who is told: the firm's contact, or its owners where that has left; the customer's owners and renewals managers.

    Asked before access is taken away: afterwards the customer no longer sees the firm's people.
    """
    wanted: dict[UUID, tuple[str, ...]] = {assignment.customer_id: TOLD_OF_ACCESS}
    told, contact = [], assignment.contact
    if contact and not contact.left_on:
        firm, text_only = assignment.advisor_id, contact.text_only
        told = [Addressee(contact.email, contact.language, contact.user_id, firm, text_only=text_only)]
    else:
        wanted[assignment.advisor_id] = (Role.OWNER.value,)
    people = Membership.objects.filter(organisation__in=wanted, user__is_active=True).select_related("user")
    return told + [
        Addressee.person(member.user, member.organisation_id)
        for member in people.order_by("id")
        if member.role in wanted[member.organisation_id]
    ]


def customers_readers(assignment: Assignment) -> list[Addressee]:
    """Those of the readers who are the customer's own people."""
    return [reader for reader in readers(assignment) if reader.organisation_id == assignment.customer_id]


def announce(actor: Actor | None, event: Event, *, to: list[Addressee], key: str = "") -> None:
    """One audit entry for each side and one letter for each reader. `key` keeps the same news from going out twice."""
    grant = event.assignment
    record(actor, event, organisations=(grant.customer_id, grant.advisor_id))
    tell(actor, event, to=to, key=key)


def record(actor: Actor | None, event: Event, *, organisations: tuple[UUID, ...]) -> None:
    """The audit entries of an event; a draft is the customer's own business."""
    grant = event.assignment
    audit.record(
        actor,
        event.verb,
        organisations=organisations,
        customer_id=grant.customer_id,
        subject_id=grant.pk,
        **event.details | {"advisor": str(grant.advisor_id)},
    )


def tell(actor: Actor | None, event: Event, *, to: list[Addressee], key: str = "") -> None:
    """The letters of an event."""
    grant = event.assignment
    for reader in to:
        outbox.post(
            actor,
            LETTER,
            reader,
            customer_id=grant.customer_id,
            key=f"{key}:{reader.organisation_id}:{reader.email}"[:200] if key else None,
            verb=event.verb,
            assignment=str(grant.pk),
            by=str(actor.user_id) if actor and actor.user_id else None,
            **event.details,
        )
