"""Sending: paused and resumed; a restored database is known for one; letters tried again and withdrawn."""

from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts import audit
from accounts.models import MAIL, JobRun, Letter, Organisation, Queued, Sending
from accounts.outbox import SECRET
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Kind, LetterState, Pause, Power

# The first sender of a new database writes down which one it is; in any other the row has come with a copy.
RECOGNISE = """
update accounts_sending s
set paused_at = case when was.database = '' then s.paused_at else coalesce(s.paused_at, coterm_now()) end,
    why = case when was.database = '' then s.why else 'restored' end, database = coterm_database()
from accounts_sending was
where was.id = s.id and s.database <> coterm_database()
returning was.database <> ''"""


def recognise() -> None:
    """Pause when this database is a restored copy: what waits in it may have gone out already (decision 0014)."""
    with connection.cursor() as cursor:
        cursor.execute(RECOGNISE)
        if (True,) in cursor.fetchall():
            record(None, "mail.paused", why=Pause.RESTORED.value)


@transaction.atomic
def pause(actor: Actor | None) -> bool:
    """No letter leaves from here on; False when none did already. None acts for the operator's command."""
    if actor:
        require(actor, Power.TEND_MAIL)
    going = Sending.objects.filter(paused_at=None)
    if not going.update(paused_at=database_now(), why=Pause.OPERATOR.value):
        return False
    record(actor, "mail.paused", why=Pause.OPERATOR.value)
    return True


@transaction.atomic
def resume(actor: Actor | None, *, withdraw: bool = False) -> int | None:
    """Letters leave again; `withdraw` cancels those that wait first. How many that were; None when none was paused."""
    if actor:
        require(actor, Power.TEND_MAIL)
    if not Sending.objects.filter(paused_at__isnull=False).update(paused_at=None, why=""):
        return None
    waiting = (Queued if actor else Letter).objects.filter(state=LetterState.PENDING.value)
    count = waiting.update(state=LetterState.CANCELLED.value, **reason(actor)) if withdraw else 0
    record(actor, "mail.resumed", withdrawn=count)
    return count


def reason(actor: Actor | None) -> dict[str, str]:
    """Why letters are withdrawn; for people the database writes it itself."""
    return {} if actor else {"reason": Pause.OPERATOR.value}


@transaction.atomic
def retry(actor: Actor, letter: Letter | Queued) -> bool:
    """Put a dead letter back into the queue for another week, due at once; False when it is not dead any more."""
    return moved(actor, letter, LetterState.DEAD, LetterState.PENDING, verb="letter.retried")


@transaction.atomic
def withdraw(actor: Actor, letter: Letter | Queued) -> bool:
    """Let a letter that waits never leave; False when it does not wait any more."""
    return moved(actor, letter, LetterState.PENDING, LetterState.CANCELLED, verb="letter.withdrawn")


def moved(actor: Actor, letter: Letter | Queued, before: LetterState, after: LetterState, *, verb: str) -> bool:
    """The programme moves any letter, others their reminders: row-level security says which these are."""
    is_operator = actor.kind is Kind.PROGRAMME
    require(actor, Power.TEND_MAIL if is_operator else Power.TEND_REMINDERS)
    if after is LetterState.PENDING and letter.kind in SECRET:
        return False  # what it said was wiped
    rows = (Queued if is_operator else Letter).objects.filter(pk=letter.pk, state=before.value)
    if not rows.update(state=after.value):
        return False
    readers = (actor.organisation_id, letter.organisation_id)
    audit.record(actor, verb, organisations=readers, customer_id=letter.customer_id, subject_id=letter.pk)
    return True


def measure() -> dict[str, int]:
    """Write down how much mail leaves, how much may, and whether it is paused: managers and `/healthz` read that."""
    counts = Letter.objects.sent_lately() | {"paused": Sending.objects.filter(paused_at__isnull=False).exists()}
    if rate := settings.MAIL_RATE:
        counts |= {"rate": rate.count, "per_seconds": rate.seconds}
    run = JobRun(name=MAIL, ran_at=database_now(), details=counts)
    JobRun.objects.bulk_create(
        [run], update_conflicts=True, unique_fields=["name"], update_fields=["ran_at", "details"]
    )
    return counts


def record(actor: Actor | None, verb: str, **details: Any) -> None:
    """In the programme's chain."""
    programme = Organisation.objects.filter(kind=Kind.PROGRAMME.value).values_list("pk", flat=True)
    audit.record(actor, verb, organisations=programme, **details)
