"""An advisor's next steps with a customer; the customer never sees them."""

from datetime import date

from django.db import transaction

from accounts import audit
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import CustomerVisibility
from renewals.models import CustomerNote
from renewals.services.authors import author_of


@transaction.atomic
def add_note(actor: Actor, *, shared: CustomerVisibility, text: str, due_on: date | None = None) -> CustomerNote:
    """Write down a next step with the customer that `shared` shows to the firm."""
    require(actor, Power.NOTE_CUSTOMERS)
    note = CustomerNote.objects.create(
        organisation_id=actor.organisation_id,
        customer_id=shared.customer_id,
        author_id=author_of(actor),
        text=text,
        due_on=due_on,
    )
    _record(actor, "note.added", note)
    return note


@transaction.atomic
def finish_note(actor: Actor, *, note: CustomerNote, done: bool) -> None:
    """Tick a next step off, or take the tick back."""
    require(actor, Power.NOTE_CUSTOMERS)
    CustomerNote.objects.visible_to(actor).filter(pk=note.pk).update(done_at=database_now() if done else None)
    _record(actor, "note.done" if done else "note.reopened", note)


@transaction.atomic
def delete_note(actor: Actor, *, note: CustomerNote) -> None:
    """Throw a next step away."""
    require(actor, Power.NOTE_CUSTOMERS)
    CustomerNote.objects.visible_to(actor).filter(pk=note.pk).delete()
    _record(actor, "note.deleted", note)


def _record(actor: Actor, verb: str, note: CustomerNote) -> None:
    own = [actor.organisation_id]
    audit.record(actor, verb, organisations=own, customer_id=note.customer_id, subject_id=note.pk)
