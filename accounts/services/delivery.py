"""Senders: claim letters, check them again, send them, write down how it went (3-tenancy, "Reminders").

One claim takes twenty letters. Each then has its *fence*, a transaction that checks again whether it may go, extends
its lease and keeps its bytes; after its commit the letter leaves, and what the mail server said is written down before
the next fence. Results are not gathered: a sender has never more than one letter out that is not written down, so that
`kill -9` costs one duplicate at most, and mostly none.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta
from mmap import mmap
from traceback import format_tb
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from accounts.keys import new_id
from accounts.models import Letter
from accounts.outbox import COMPOSERS, OPTIONAL, SECRET
from accounts.plans import for_any_values, kept
from accounts.querysets import database_now
from accounts.rules import LetterState, Outcome, backoff
from accounts.services.claims import BATCH, LEASE, claim, held_up
from accounts.services.drafts import Written, drafted, keep_draft
from accounts.services.envelopes import frozen_bytes
from accounts.services.returns import suppress
from accounts.services.transport import UNWRITTEN, Line, Verdict

logger = logging.getLogger(__name__)
SHORTEST_WAIT, LONGEST_WAIT = 0.05, 1.0


def deliver_batch(*, limit: int = BATCH, stopping: Callable[[], bool] = lambda: False) -> int:
    """One claim and what follows from it, over one connection; returns how many letters were claimed.

    Once `stopping` says so, the letters not yet begun are given back.
    """
    sender = new_id()
    letters = claim(sender, limit=limit)
    if not letters:
        return 0
    with for_any_values(), Line() as line:
        drafts = drafted(letters)
        for letter in letters:
            if stopping():
                give_back(sender)
                break
            deliver(letter, sender=sender, line=line, draft=drafts.get(letter.pk))
    return len(letters)


STOPPING = mmap(-1, 1)  # shared with the processes that this one forks: Celery tells its main process alone


def stop() -> None:
    """This process and those that it has forked have been asked to end: the letter in hand is the last."""
    STOPPING[0] = 1


def is_stopping() -> bool:
    return STOPPING[0] == 1


def deliver_for(duration: timedelta) -> int:
    """Batch after batch until nothing is due, the time is up, or the process ends; returns how many were claimed."""
    end, total = time.monotonic() + duration.total_seconds(), 0
    while time.monotonic() < end and not is_stopping():
        count = deliver_batch(stopping=is_stopping)
        if not count and not idled():
            break
        total += count
    return total


def idled() -> bool:
    """Wait until the rate allows another mail; False when nothing waits for that, or it is for the next tick."""
    seconds = held_up()
    if seconds is None or seconds > LONGEST_WAIT:
        return False
    time.sleep(max(seconds, SHORTEST_WAIT))
    return True


def give_back(sender: UUID) -> None:
    """Let others send what this sender has claimed and not begun."""
    Letter.objects.filter(claimed_by=sender, state=LetterState.SENDING.value).update(
        state=LetterState.PENDING.value, claimed_by=None, lease_until=None, attempts=F("attempts") - 1
    )


def deliver(letter: Letter, *, sender: UUID, line: Line, draft: Written | None = None) -> None:
    """Send one claimed letter; whatever goes wrong with it hurts no other."""
    try:
        frozen = (draft and keep_draft(letter, draft, sender=sender)) or fence(letter, sender=sender)
    except (OperationalError, InterfaceError):
        raise  # the database is in trouble, not the letter: its lease ends, and it is claimed again
    except Exception as problem:
        where = "".join(format_tb(problem.__traceback__))  # its text may hold names and subjects
        logger.error("letter %s cannot be written: %s\n%s", letter.pk, type(problem).__name__, where)
        settle(letter, sender=sender, state=LetterState.DEAD, reason=f"{UNWRITTEN}: {type(problem).__name__}")
        return
    if frozen:
        conclude(letter, sender=sender, verdict=line.send(frozen, to=letter.recipient))


GONE = "gone"
KEEP = """
update accounts_letter l
set lease_until = coterm_now() + %(lease)s, frozen = coalesce(%(frozen)s, frozen),
    subject = coalesce(%(subject)s, subject)
where id = %(letter)s and claimed_by = %(sender)s and state = 'sending'
returning coalesce((select case when s.is_gone then 'gone' else s.why end from accounts_suppression s
                    where s.address = lower(l.recipient)), '')"""
# Bodies that hold tokens are wiped once they are of no use. This commit does not wait for the disk: the next fence's
# does, and its letter leaves after it, so that a crash of the database forgets one result at most (decision 0024).
WRITE_DOWN = """
update accounts_letter
set state = 'sent', reason = '', claimed_by = null, lease_until = null, sent_at = coterm_now(),
    provider_id = %(provider_id)s, frozen = case when %(wiped)s then null else frozen end,
    context = case when %(wiped)s then '{}' else context end
where id = %(letter)s and claimed_by = %(sender)s and (select set_config('synchronous_commit', 'off', true)) = 'off'"""


@transaction.atomic
def fence(letter: Letter, *, sender: UUID) -> bytes | None:
    """The bytes to send, frozen now unless they were; None when the lease is lost or the letter is cancelled."""
    mail = COMPOSERS[letter.kind](letter)
    frozen = frozen_bytes(letter, mail) if mail else None
    why = keep(letter, frozen, mail.subject[:250] if mail else None, sender=sender)
    if why is None:
        return None
    if why == GONE or (why and letter.kind in OPTIONAL):
        settle(letter, sender=sender, state=LetterState.CANCELLED, reason="suppressed")
        return None
    if mail is None:
        settle(letter, sender=sender, state=LetterState.CANCELLED)
    return frozen


def keep(letter: Letter, frozen: bytes | None, subject: str | None, *, sender: UUID) -> str | None:
    """Extend the lease and keep the bytes.

    Why the address is suppressed, empty when it is not; None when the lease is somebody else's.
    """
    values = {"letter": letter.pk, "sender": sender, "lease": LEASE, "frozen": frozen, "subject": subject}
    rows = kept(KEEP, values)
    return str(rows[0][0]) if rows else None


def conclude(letter: Letter, *, sender: UUID, verdict: Verdict) -> None:
    """Write down what the mail server said."""
    if verdict.outcome is Outcome.SENT:
        write_down(letter, sender=sender, provider_id=verdict.provider_id)
    elif verdict.outcome is Outcome.RETRY:
        postpone(letter, sender=sender, verdict=verdict)
    else:
        refuse(letter, sender=sender, verdict=verdict)


def write_down(letter: Letter, *, sender: UUID, provider_id: str = "") -> None:
    """The mail server has it; only the owner of the lease may say so."""
    values = {"letter": letter.pk, "sender": sender, "provider_id": provider_id[:250], "wiped": letter.kind in SECRET}
    kept(WRITE_DOWN, values)


@transaction.atomic
def refuse(letter: Letter, *, sender: UUID, verdict: Verdict) -> None:
    """The letter is dead; an address that the server will not have gets no more reminders."""
    settle(letter, sender=sender, state=LetterState.DEAD, reason=verdict.reason, ambiguous=verdict.ambiguous)
    if verdict.is_for_address:
        suppress(letter, answer=verdict.reason)


def postpone(letter: Letter, *, sender: UUID, verdict: Verdict) -> None:
    """Try again later, or give up when that would be too late."""
    delay = backoff(letter.attempts, jitter=random.random())  # noqa: S311 - spreads load, guards nothing
    claimed_at = letter.lease_until - LEASE if letter.lease_until else letter.created_at
    state = LetterState.DEAD if claimed_at + delay >= letter.last_try_at else LetterState.PENDING
    settle(letter, sender=sender, state=state, reason=verdict.reason, delay=delay, ambiguous=verdict.ambiguous)


def settle(
    letter: Letter,
    *,
    sender: UUID,
    state: LetterState,
    reason: str = "",
    delay: timedelta = timedelta(),
    ambiguous: bool = False,
) -> None:
    """End this attempt without success; only the owner of the lease may."""
    fields: dict[str, object] = {"state": state.value, "reason": reason[:300], "claimed_by": None, "lease_until": None}
    if state is LetterState.PENDING:
        fields["due_at"] = database_now() + delay
    if ambiguous:
        fields["ambiguous"] = True
    if state is not LetterState.PENDING and letter.kind in SECRET:
        fields |= {"frozen": None, "context": {}}
    Letter.objects.filter(pk=letter.pk, claimed_by=sender).update(**fields)
