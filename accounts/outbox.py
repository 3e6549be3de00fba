"""Letters: posted in the transaction of what caused them, composed and sent later by the senders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise

from accounts.models import Letter, User
from accounts.querysets import database_now
from accounts.rules import Actor


@dataclass(frozen=True, slots=True)
class Mail:
    """What a composer returns; `headers` are added to those that every mail carries."""

    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a letter goes, and in which language; `text_only` for whoever has no sign-in, and so no settings."""

    email: str
    language: str = "en"
    user_id: UUID | None = None
    organisation_id: UUID | None = None
    text_only: bool = False

    @classmethod
    def person(cls, user: User, organisation_id: UUID | None) -> "Addressee":
        return cls(user.email, user.language, user.pk, organisation_id)


Composer = Callable[[Letter], Mail | None]
"""Called after the claim, as worker: locks its sources and returns the mail, or None when it must not go any more."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that can be written before its letter's turn, and the values by which is asked whether it still holds."""

    write: Callable[[], Mail]
    question: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drafter:
    """Writes the mails of several letters at once, leaving out those that need their composer.

    `unchanged` returns the common table expressions, up to one of that name, that put a draft's question: its row's
    `is_so` says that the composer would write the same now.
    """

    drafts: Callable[[Sequence[Letter]], Iterable[tuple[Letter, Draft]]]
    unchanged: Callable[[], str]


COMPOSERS: dict[str, Composer] = {}
DRAFTERS: dict[str, Drafter] = {}
SECRET: set[str] = set()
OPTIONAL: set[str] = set()
LABELS: dict[str, str | Promise] = {}
EDITION = "X-Coterm-Edition"
"""A header by which a composer says what its mail shows: bytes frozen under another edition are not sent any more."""


def register(
    kind: str,
    composer: Composer,
    *,
    label: str | Promise,
    secret: bool = False,
    optional: bool = False,
    drafter: Drafter | None = None,
) -> None:
    """Called from an app's `AppConfig.ready`, with what pages call such mail.

    `secret`: the context or the mail holds a token, wiped once sent. `optional`: readers may do without it, so that
    none goes to an address that returned one or complained (1-product, "Reminders"). `drafter`: there is so much of
    it that it is written ahead.
    """
    COMPOSERS[kind], LABELS[kind] = composer, label
    if secret:
        SECRET.add(kind)
    if optional:
        OPTIONAL.add(kind)
    if drafter:
        DRAFTERS[kind] = drafter


def post(
    actor: Actor | None,
    kind: str,
    to: Addressee,
    *,
    customer_id: UUID | None = None,
    key: str | None = None,
    due_at: datetime | None = None,
    give_up_at: datetime | None = None,
    **context: Any,
) -> Letter:
    """Put a letter into the outbox. `context` holds ids; `key` makes it unique; due at once unless `due_at` says when,
    tried for a week unless `give_up_at` does.

    Must run in the transaction of what caused it, so that rolled-back work sends nothing.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.post() needs a transaction")
    return Letter.objects.create(
        kind=kind,
        key=key,
        organisation_id=to.organisation_id,
        customer_id=customer_id,
        posted_by_id=actor.organisation_id if actor else None,
        recipient=to.email,
        user_id=to.user_id,
        language=to.language,
        text_only=to.text_only,
        context=context,
        due_at=due_at or database_now(),
        give_up_at=give_up_at,
        created_at=database_now(),
    )
