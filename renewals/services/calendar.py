"""What will be sent, and to whom: the sweep's own SQL, asked of the days to come."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from accounts.rules import Actor
from renewals.services.due import ahead_sql, unheard_sql

DAYS = 90


@dataclass(frozen=True, slots=True)
class Planned:
    """One window that opens on a day; `products` are the first few, `readers` (id, standing)."""

    due_on: date
    window: int
    is_urgent: bool
    coverages: int
    reminders: int
    products: list[str]
    customers: list[str]
    readers: list[tuple[UUID, str]]

    @property
    def leaves_on(self) -> date:
        """The reader's Monday for what is not urgent, unless a digest leaves sooner (rules.hours)."""
        return self.due_on if self.is_urgent else self.due_on + timedelta(-self.due_on.weekday() % 7)


def planned(actor: Actor, *, first: date, last: date) -> list[Planned]:
    """What falls due from `first` through `last` as the actor's organisation sees it; one statement.

    Whoever has stopped such reminders is not named, nor whoever cannot be reached; whoever stands in is.
    """
    with connection.cursor() as cursor:
        cursor.execute(ahead_sql(), {"first": first, "last": last, "organisation": actor.organisation_id})
        return [Planned(*(*row[:-1], [read(reader) for reader in row[-1]])) for row in cursor.fetchall()]


def read(reader: str) -> tuple[UUID, str]:
    """A reader's id and standing."""
    pk, why = reader.split(" ")
    return UUID(pk), why


def unheard(actor: Actor) -> int:
    """Of how many coverages something is due now, and nobody of the actor's organisation is left to be told of it."""
    with connection.cursor() as cursor:
        cursor.execute(unheard_sql(), {"today": None, "since": None, "organisation": actor.organisation_id})
        return int(cursor.fetchall()[0][0])


def forecast(actor: Actor, *, today: date) -> dict[int, int]:
    """How many reminders the next 90 days bring, by window: what a rule's preview compares."""
    counts: dict[int, int] = {}
    for each in planned(actor, first=today + timedelta(1), last=today + timedelta(DAYS)):
        counts[each.window] = counts.get(each.window, 0) + each.reminders
    return counts
