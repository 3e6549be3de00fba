"""Mails written before their turn: for the letters of a claim together, and sent only if they would be the same now.

What a draft says was true when the claim's letters were looked at. At its turn one statement asks again, under the
lock of its letter, and keeps the bytes only if every fact is the same; otherwise the letter is composed as any other.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from accounts.models import Letter
from accounts.outbox import DRAFTERS, Mail
from accounts.plans import kept
from accounts.services.claims import LEASE
from accounts.services.envelopes import build

logger = logging.getLogger(__name__)
KEEP = """
update accounts_letter l
set lease_until = coterm_now() + %(lease)s, frozen = %(frozen)s, subject = %(subject)s
where id = %(letter)s and claimed_by = %(sender)s and state = 'sending' and (select is_so from unchanged)
  and not exists (select from accounts_suppression s where s.address = lower(l.recipient))
returning id"""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter's mail and its bytes, and the values by which is asked whether it still holds."""

    mail: Mail
    frozen: bytes
    question: Mapping[str, Any]


def drafted(letters: Sequence[Letter]) -> dict[UUID, Written]:
    """The mails of those that can be written ahead; a letter whose bytes are frozen has them."""
    found: dict[UUID, Written] = {}
    for kind in DRAFTERS.keys() & {letter.kind for letter in letters}:
        members = [letter for letter in letters if letter.kind == kind and letter.frozen is None]
        found |= dict(written(kind, members)) if members else {}
    return found


def written(kind: str, letters: Sequence[Letter]) -> Iterator[tuple[UUID, Written]]:
    """What cannot be written is left to its turn, when it is blamed for that."""
    try:
        with transaction.atomic():
            drafts = list(DRAFTERS[kind].drafts(letters))
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        logger.warning("nothing is written ahead: %s", type(problem).__name__)
        return
    for letter, draft in drafts:
        try:
            mail = draft.write()
            yield letter.pk, Written(mail, build(letter, mail), draft.question)
        except Exception:  # noqa: S112 - its composer will say so
            continue


def keep_draft(letter: Letter, draft: Written, *, sender: UUID) -> bytes | None:
    """The bytes to send, frozen now; None when anything has changed, the lease or the address among it."""
    values = {"letter": letter.pk, "sender": sender, "lease": LEASE, "frozen": draft.frozen}
    rows = kept(keeping(letter.kind), {**draft.question, **values, "subject": draft.mail.subject[:250]})
    return draft.frozen if rows else None


@cache
def keeping(kind: str) -> str:
    """The statement that asks and keeps."""
    return DRAFTERS[kind].unchanged() + KEEP
