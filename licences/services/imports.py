"""Imports of licences: previewed line by line, then applied in one transaction, or discarded."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from django.db import connection
from django.db.transaction import atomic

from accounts import audit
from accounts.models import Organisation
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import ImportBatch, ImportLine
from licences.querysets import today_in
from licences.rules import ImportState, LineState
from licences.rules.differences import as_changes, as_line, as_values
from licences.rules.imports import ParsedLine
from licences.services.applying import Writer
from licences.services.matches import Matcher, Outcome

CHUNK = 1000


class ImportStale(Exception):
    """What is recorded is not as the preview saw it, or the import is over; `lines` would now end differently."""

    def __init__(self, lines: int = 0) -> None:
        super().__init__(lines)
        self.lines = lines


def preview_import(
    actor: Actor, *, name: str, layout: str, lines: Iterable[ParsedLine], ignored: Sequence[str] = ()
) -> ImportBatch:
    """Stores what each line would do; writes no licence. Whatever `lines` raises on the way leaves nothing behind.

    `ignored` are the titles of the columns that nothing was read from.
    """
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        batch = ImportBatch.objects.create(
            customer_id=actor.organisation_id,
            name=name[-200:],
            format=layout,
            ignored=list(ignored),
            created_by_id=actor.user_id,
        )
        matcher, counts = Matcher(actor), Counter[str]()
        for chunk in chunks(lines):
            rows = [stored(batch, outcome) for outcome in matcher.outcomes(chunk)]
            ImportLine.objects.bulk_create(rows)
            counts.update(row.state for row in rows)
        return save_counts(batch, counts)


def apply_import(actor: Actor, *, batch: ImportBatch) -> ImportBatch:
    """Writes the lines that were not refused, all or none.

    Raises `ImportStale` when what is recorded has changed so that a line would do something else than its preview says.
    """
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        today = turn_of(actor)
        batch = unfinished(actor, batch)
        matcher, writer, stale = Matcher(actor, lock=True), Writer(actor, today=today), 0
        for rows in stored_chunks(batch):
            outcomes = matcher.outcomes([as_line(row.number, row.values) for row in rows])
            stale += sum(differs(row, outcome) for row, outcome in zip(rows, outcomes, strict=True))
            if not stale:
                writer.write(outcomes)
        if stale:
            raise ImportStale(stale)
        return finish(actor, batch, ImportState.APPLIED)


def refresh_preview(actor: Actor, *, batch: ImportBatch) -> ImportBatch:
    """Compares the stored lines again with what is recorded now."""
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        batch = unfinished(actor, batch)
        matcher, counts = Matcher(actor), Counter({LineState.REFUSED.value: batch.counts.get(LineState.REFUSED, 0)})
        for rows in stored_chunks(batch):
            outcomes = matcher.outcomes([as_line(row.number, row.values) for row in rows])
            pairs = [(row, outcome) for row, outcome in zip(rows, outcomes, strict=True) if differs(row, outcome)]
            for row, outcome in pairs:
                row.state, row.changes = outcome.state.value, as_changes(outcome.changes)
            ImportLine.objects.bulk_update([row for row, _outcome in pairs], ["state", "changes"], batch_size=200)
            counts.update(row.state for row in rows)
        return save_counts(batch, counts)


def discard_import(actor: Actor, *, batch: ImportBatch) -> ImportBatch:
    """Ends an import without writing anything, and forgets its lines."""
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        batch = unfinished(actor, batch)
        ImportLine.objects.visible_to(actor).filter(batch=batch).delete()
        return finish(actor, batch, ImportState.DISCARDED)


def turn_of(actor: Actor) -> date:
    """Waits until no other import of this customer runs; today's date in the customer's zone."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {actor.organisation_id}"])
    rows = Organisation.objects.filter(pk=actor.organisation_id)
    today: date = rows.values_list(today_in("time_zone"), flat=True).get()
    return today


def unfinished(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """The batch, locked; raises `ImportStale` when it is over."""
    row = ImportBatch.objects.visible_to(actor).select_for_update(no_key=True).get(pk=batch.pk)
    if row.state != ImportState.PREVIEWED:
        raise ImportStale
    return row


def finish(actor: Actor, batch: ImportBatch, state: ImportState) -> ImportBatch:
    batch.state = state.value
    batch.applied_at = database_now() if state is ImportState.APPLIED else None
    batch.save(update_fields=["state", "applied_at"])
    audit.record(
        actor,
        "licence.imported" if state is ImportState.APPLIED else "licence.import_discarded",
        organisations=[batch.customer_id],
        customer_id=batch.customer_id,
        subject_id=batch.pk,
        **batch.counts,
    )
    return batch


def save_counts(batch: ImportBatch, counts: Counter[str]) -> ImportBatch:
    batch.counts = {state.value: counts[state.value] for state in LineState}
    batch.save(update_fields=["counts"])
    return batch


def stored(batch: ImportBatch, outcome: Outcome) -> ImportLine:
    """A line with its outcome, as it is kept until the import is over."""
    problems = [{"kind": each.kind.value, "column": each.column, "value": each.value} for each in outcome.line.problems]
    return ImportLine(
        customer_id=batch.customer_id,
        batch=batch,
        number=outcome.line.number,
        state=outcome.state.value,
        values=as_values(outcome.line),
        changes=as_changes(outcome.changes),
        problems=problems,
    )


def differs(row: ImportLine, outcome: Outcome) -> bool:
    return row.state != outcome.state or row.changes != as_changes(outcome.changes)


def chunks(lines: Iterable[ParsedLine]) -> Iterator[list[ParsedLine]]:
    walk = iter(lines)
    while chunk := list(islice(walk, CHUNK)):
        yield chunk


def stored_chunks(batch: ImportBatch) -> Iterator[list[ImportLine]]:
    """The lines that were not refused, in the order of the file."""
    rows = ImportLine.objects.filter(batch=batch).exclude(state=LineState.REFUSED).order_by("number")
    last = -1
    while chunk := list(rows.filter(number__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].number
