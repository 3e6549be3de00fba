"""The hash chain of the audit: each organisation's entries sealed in turn, and the chain checked again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.models import AuditEntry, AuditSeal, JobRun, Organisation
from accounts.querysets import AuditQuerySet, database_now

BATCH = 1000
MARGIN = timedelta(hours=1)
"""Longer than any transaction lasts: an entry that began earlier may be committed after a later one was sealed."""

JOB = "seal_audit"
BEGINNING = bytes(32)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chains found; `broken` names what is wrong, in words for an operator."""

    sealed: int = 0
    unsealed: int = 0
    broken: list[str] = field(default_factory=list)


def canonical(entry: AuditEntry) -> bytes:
    """The entry's every field in one fixed form; changing it breaks every chain there is."""
    values = {
        "id": str(entry.pk),
        "event": str(entry.event_id),
        "organisation": str(entry.organisation_id),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "verb": entry.verb,
        "user": str(entry.actor_user_id or ""),
        "actor": str(entry.actor_organisation_id or ""),
        "customer": str(entry.customer_id or ""),
        "subject": str(entry.subject_id or ""),
        "details": entry.details,
    }
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()


def link(previous: bytes, entry: AuditEntry) -> bytes:
    return sha256(previous + canonical(entry)).digest()


def unsealed(since: UUID | None = None) -> AuditQuerySet[AuditEntry]:
    """Entries that no seal names; from an id on, because ids follow time."""
    seals = AuditSeal.objects.filter(organisation=OuterRef("organisation"), entry_id=OuterRef("pk"))
    entries = AuditEntry.objects.filter(~Exists(seals))
    return entries.filter(pk__gte=since) if since else entries


def seal_audit(*, everything: bool = False) -> int:
    """Seal what is new, one organisation at a time; returns how many entries. Looks back over all with `everything`."""
    since = None if everything else last_look()
    organisations = unsealed(since).order_by().values_list("organisation", flat=True).distinct()
    sealed = sum(sum(iter(partial(seal_chain, organisation, since), 0)) for organisation in list(organisations))
    note(sealed)
    return sealed


def last_look() -> UUID | None:
    """The smallest id of the time since the last run, with a margin."""
    run = JobRun.objects.filter(name=JOB).first()
    if run is None:
        return None
    milliseconds = int((run.ran_at - MARGIN).timestamp() * 1000)
    return UUID(int=milliseconds << 80)


@transaction.atomic
def seal_chain(organisation: UUID, since: UUID | None) -> int:
    """The next entries of one chain, none when all are sealed. Two workers take turns; no request waits for either."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit {organisation}"])
    last = AuditSeal.objects.filter(organisation=organisation).order_by("-sequence").first()
    sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, BEGINNING)
    seals = []
    for entry in unsealed(since).filter(organisation=organisation).order_by("id")[:BATCH]:
        sequence, previous = sequence + 1, link(previous, entry)
        seals.append(
            AuditSeal(
                organisation_id=organisation,
                sequence=sequence,
                entry_id=entry.pk,
                hash=previous,
                sealed_at=database_now(),
            )
        )
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


@transaction.atomic
def note(sealed: int) -> None:
    run = JobRun(name=JOB, ran_at=datetime.now(UTC), details={"sealed": sealed})
    JobRun.objects.bulk_create(
        [run], update_conflicts=True, unique_fields=["name"], update_fields=["ran_at", "details"]
    )


def verify_audit() -> Verdict:
    """Compute every chain anew; the unsealed tail is counted, not blamed."""
    broken = [fault for organisation in chains() for fault in faults(organisation)]
    return Verdict(AuditSeal.objects.count(), unsealed().count(), broken)


def chains() -> Iterator[Organisation]:
    sealed = AuditSeal.objects.filter(organisation=OuterRef("pk"))
    yield from Organisation.objects.filter(Exists(sealed)).order_by("id")


def faults(organisation: Organisation) -> Iterator[str]:
    """The first link of a chain that does not hold: what follows it cannot be judged."""
    previous = BEGINNING
    for expected, (seal, entry) in enumerate(sealed_entries(organisation), start=1):
        if seal.sequence != expected:
            yield f"{organisation.slug}: seal {expected} is missing"
            return
        if entry is None:
            yield f"{organisation.slug}: entry {seal.entry_id} of seal {expected} is missing"
            return
        if (previous := link(previous, entry)) != bytes(seal.hash):
            yield f"{organisation.slug}: entry {seal.entry_id} is not what seal {expected} says"
            return


def sealed_entries(organisation: Organisation) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    """A chain from its beginning, a batch at a time."""
    last = 0
    seals = AuditSeal.objects.filter(organisation=organisation).order_by("sequence")
    while batch := list(seals.filter(sequence__gt=last)[:BATCH]):
        entries = AuditEntry.objects.filter(organisation=organisation).in_bulk([seal.entry_id for seal in batch])
        yield from ((seal, entries.get(seal.entry_id)) for seal in batch)
        last = batch[-1].sequence
