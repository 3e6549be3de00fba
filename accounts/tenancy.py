"""Who acts: the only writer of the settings that row-level security reads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from accounts.models import Membership
from accounts.rules import Actor

SETTINGS = ("app.user_id", "app.organisation_id", "app.role", "app.sign_in", "app.token")


class ActorRequest(HttpRequest):
    """A request after `TenancyMiddleware`: it knows its actor, who may be nobody on pages that are open."""

    actor: Actor | None
    membership: Membership | None
    memberships: Sequence[Membership]
    has_moved: bool


def act_for(request: HttpRequest, organisation_id: UUID) -> None:
    """From the next page on the session acts for this organisation; forms on pages opened for another are refused."""
    request.session["organisation_id"] = str(organisation_id)
    rotate_token(request)


def set_actor(
    actor: Actor | None = None, *, user_id: UUID | str | None = None, sign_in: str = "", token: str = ""
) -> None:
    """Tell the database who acts, for the rest of this transaction.

    `user_id` alone is a person before an organisation is known; `sign_in` is the address typed into a sign-in form,
    or the id in a reset link; `token` is the hash of an invitation's token. Raises RuntimeError outside a transaction,
    where the settings would vanish silently.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("set_actor() needs a transaction")
    person = actor.user_id if actor else user_id
    values = (person, actor and actor.organisation_id, actor and actor.role, sign_in, token)
    write_settings(tuple(str(value or "") for value in values))


def write_settings(values: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        calls = ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
        cursor.execute(f"select {calls}", values)


def read_settings() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        calls = ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS)
        cursor.execute(f"select {calls}")
        return tuple(cursor.fetchone() or ())


@contextmanager
def acting_as(actor: Actor | None, **narrow: Any) -> Iterator[None]:
    """A transaction in which `actor` acts; afterwards the one before acts again.

    A released savepoint keeps the inner settings, so they are put back by hand (9-foundation, "Requests").
    """
    with transaction.atomic():
        before = read_settings()
        set_actor(actor, **narrow)
        yield
        write_settings(before)


@contextmanager
def looking_as(actor: Actor) -> Iterator[None]:
    """Reads with another's eyes: row-level security answers as it would answer `actor`, and refuses every write.

    For what a customer may know already, such as what an advisor sees of it: narrow each question to that, and read
    it to the end inside. The savepoint is always rolled back, which puts the settings back as well.
    """
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            set_actor(actor)
            with connection.cursor() as cursor:
                cursor.execute("set local transaction_read_only = on")
            yield
        finally:
            transaction.savepoint_rollback(point)
