"""The append-only record of what people and the system did."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.keys import new_id
from accounts.models import AuditEntry
from accounts.querysets import database_now
from accounts.rules import Actor


def record(
    actor: Actor | None,
    verb: str,
    *,
    organisations: Iterable[UUID | None],
    customer_id: UUID | None = None,
    subject_id: UUID | None = None,
    **details: Any,
) -> None:
    """Write one entry into the chain of each organisation named; `None` among them is skipped.

    `actor` is None for the schedule. `details` hold ids, levels, dates and counts, never names or addresses.
    Must run in the transaction of what it records.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record() needs a transaction")
    event = new_id()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            event_id=event,
            organisation_id=organisation,
            at=database_now(),
            verb=verb,
            actor_user_id=actor.user_id if actor else None,
            actor_organisation_id=actor.organisation_id if actor else None,
            customer_id=customer_id,
            subject_id=subject_id,
            details=details,
        )
        for organisation in sorted({o for o in organisations if o}, key=str)
    )
