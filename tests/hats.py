"""The hats of a test: it is connected as owner, acts as web, and may put on another role or another time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

ROLES = frozenset({"coterm_owner", "coterm_web", "coterm_worker"})


@contextmanager
def database_role(name: str) -> Iterator[None]:
    """Acts as another role on this very connection, inside the test's own transaction."""
    if name not in ROLES:
        raise ValueError(f"No role of Coterm: {name}")
    before = set_role(name)
    try:
        yield
    finally:
        # After a database error the transaction refuses statements; its rollback restores the role as well.
        if before != name and not connection.needs_rollback:
            set_role(before)


def set_role(name: str) -> str:
    """Answers who acted before, in the same round trip: every row that a test plants asks twice."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user, set_config('role', %s, false)", [name])
        return cursor.fetchone()[0]


@contextmanager
def database_clock(moment: datetime) -> Iterator[None]:
    """Makes `coterm_now()` answer with this instant; time-machine cannot move the database's clock."""
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute("select pg_get_functiondef('coterm_now()'::regprocedure)")
        before = cursor.fetchone()[0]
    stop_clock(moment)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with database_role("coterm_owner"), connection.cursor() as cursor:
                cursor.execute(before)


def stop_clock(moment: datetime) -> None:
    """From here on `coterm_now()` answers with this instant, until the transaction is rolled back."""
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(
            "create or replace function coterm_now() returns timestamptz language sql stable as "
            f"$$ select timestamptz '{moment.isoformat()}' $$"
        )
