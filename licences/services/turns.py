"""Taking turns where there is no row that both sides may lock: locks by name, held until the transaction ends."""

from uuid import UUID

from django.db import connection


def take_turn(subject: UUID) -> None:
    """Waits until nobody else has the turn of this subject."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(subject)])


def alone_at_work(job: str) -> bool:
    """Takes the lock of a job; False when somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [job])
        return bool((cursor.fetchone() or [False])[0])
