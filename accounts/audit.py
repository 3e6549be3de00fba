"""The append-only record of what people and the system did, and the words of each verb."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.keys import new_id
from accounts.models import AuditEntry
from accounts.querysets import database_now
from accounts.rules import Actor


class Area(StrEnum):
    """What a verb belongs to: the views of the activity page."""

    ACCESS = "access"
    LICENCES = "licences"
    QUOTES = "quotes"
    PRICES = "prices"
    REMINDERS = "reminders"
    PEOPLE = "people"


AREAS = {
    Area.ACCESS: gettext_lazy("Access"),
    Area.LICENCES: gettext_lazy("Licences"),
    Area.QUOTES: gettext_lazy("Quotes and orders"),
    Area.PRICES: gettext_lazy("Prices"),
    Area.REMINDERS: gettext_lazy("Reminders"),
    Area.PEOPLE: gettext_lazy("People"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with the names that its ids stand for, as far as the reader may know them."""

    entry: AuditEntry
    names: Mapping[str, str]

    @property
    def details(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.entry.details
        return found

    def name(self, key: str, *, gone: str = "") -> SafeString:
        """Whom or what the id in `details[key]` means, marked as a name; also `customer` and `subject`.

        `gone` is said of what is no more, in place of a person's leaving.
        """
        own = {"customer": self.entry.customer_id, "subject": self.entry.subject_id}
        found = self.names.get(str(self.details.get(key) or own.get(key)))
        return format_html("<b>{}</b>", found) if found else format_html("{}", gone or _("somebody who has left"))


Phrase = Callable[[Told], str]
"""What was done, as a sentence without its subject: "Raised access of <b>Meridian</b> to Quote"."""

Namer = Callable[[Actor, set[UUID]], Mapping[UUID, str]]
"""Names for those of the ids that it knows and the actor may know; one query."""

Finder = Callable[[Actor, str], Iterable[UUID]]
"""Ids of what entries are about, for a text that somebody looks for, or for the id of one licence; few, at most."""

PHRASES: dict[str, tuple[Area, Phrase]] = {}
NAMERS: list[Namer] = []
FINDERS: list[Finder] = []


def describe(
    area: Area, phrases: Mapping[str, Phrase], *, namer: Namer | None = None, finder: Finder | None = None
) -> None:
    """Called from an app's `AppConfig.ready`, for each verb that it records."""
    PHRASES.update({verb: (area, phrase) for verb, phrase in phrases.items()})
    if namer and namer not in NAMERS:
        NAMERS.append(namer)
    if finder and finder not in FINDERS:
        FINDERS.append(finder)


def record(
    actor: Actor | None,
    verb: str,
    *,
    organisations: Iterable[UUID | None],
    customer_id: UUID | None = None,
    subject_id: UUID | None = None,
    **details: Any,
) -> None:
    """Write one entry into the chain of each organisation named; `None` among them is skipped.

    `actor` is None for the schedule. `details` hold ids, levels, dates and counts, never names or addresses.
    Must run in the transaction of what it records.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record() needs a transaction")
    event = new_id()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            event_id=event,
            organisation_id=organisation,
            at=database_now(),
            verb=verb,
            actor_user_id=actor.user_id if actor else None,
            actor_organisation_id=actor.organisation_id if actor else None,
            customer_id=customer_id,
            subject_id=subject_id,
            details=details,
        )
        for organisation in sorted({o for o in organisations if o}, key=str)
    )


def record_read(
    actor: Actor, verb: str, *, customer_id: UUID | None, subject_id: UUID | None = None, **details: Any
) -> None:
    """Something of a customer's was opened or taken away: the reader's side and the customer both read of it."""
    both = (actor.organisation_id, customer_id)
    record(actor, verb, organisations=both, customer_id=customer_id, subject_id=subject_id, **details)


def record_each(
    verb: str, details: Mapping[UUID, Mapping[str, Any]], *, actor: Actor | None = None, at: datetime | None = None
) -> None:
    """What was done to many organisations at once: one entry in the chain of each, with its own details.

    `actor` is None for the schedule; each of another actor's entries is about the organisation that reads it. `at` is
    the database's instant, for whoever has asked for it already: thousands of entries are written faster with it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record_each() needs a transaction")
    event = new_id()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            event_id=event,
            organisation_id=organisation,
            at=at or database_now(),
            verb=verb,
            actor_user_id=actor.user_id if actor else None,
            actor_organisation_id=actor.organisation_id if actor else None,
            customer_id=organisation if actor else None,
            details=dict(own),
        )
        for organisation, own in sorted(details.items())
    )
