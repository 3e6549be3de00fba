"""Silence on request: a reader knows, or a coverage is snoozed (1-product, "Reminders")."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.db.transaction import atomic
from django.urls import reverse

from accounts import audit
from accounts.permissions import Forbidden, require
from accounts.querysets import database_now
from accounts.rules import Actor, Kind, Power
from accounts.tenancy import acting_as
from licences.models import Visibility
from renewals.models import Silence
from renewals.rules.silences import Silence as Why
from renewals.rules.silences import snooze_refused

SALT = "renewals.known"


class Refused(Exception):
    """The day on which a snooze is to end lies in the past, or too far ahead."""


@dataclass(frozen=True, slots=True)
class Knowing:
    """Who knows of which expiry: silent for that reader until a week before it."""

    recipient: UUID
    organisation: UUID
    customer: UUID
    coverage: UUID
    expires_on: date
    product: str = ""

    def path(self) -> str:
        """The page that says so, and takes it back; signed, for a mail is read without signing in."""
        ids = [each.hex for each in (self.recipient, self.organisation, self.customer, self.coverage)]
        said = [*ids, self.expires_on.isoformat(), self.product[:60]]
        return reverse("renewals:know", args=[signing.dumps(said, salt=SALT, compress=True)])

    def address(self) -> str:
        """The link, for mails."""
        return f"{settings.BASE_URL}{self.path()}"

    @classmethod
    def read(cls, token: str) -> Self:
        """What a token says; raises BadSignature for any that we have not made."""
        *ids, expires_on, product = signing.loads(token, salt=SALT)
        recipient, organisation, customer, coverage = map(UUID, ids)
        return cls(recipient, organisation, customer, coverage, date.fromisoformat(expires_on), product)


def know(knowing: Knowing) -> None:
    """That reader is silent about this expiry until a week before it. Twice is as good as once."""
    with acting_as(None, user_id=knowing.recipient):
        if mine(knowing).exists():
            return
        Silence.objects.create(
            why=Why.KNOWN.value,
            customer_id=knowing.customer,
            coverage_id=knowing.coverage,
            expires_on=knowing.expires_on,
            organisation_id=knowing.organisation,
            recipient_id=knowing.recipient,
            created_at=database_now(),
        )
    tell("reminder.known", knowing)


def forget(knowing: Knowing) -> None:
    """The reader wants to hear of it again; the sweep then finds what is due."""
    with acting_as(None, user_id=knowing.recipient):
        gone, _ = mine(knowing).delete()
    if gone:
        tell("reminder.resumed", knowing)


def mine(knowing: Knowing) -> QuerySet[Silence]:
    """The reader's own silences about this expiry."""
    return Silence.objects.filter(
        why=Why.KNOWN.value,
        recipient_id=knowing.recipient,
        coverage=knowing.coverage,
        expires_on=knowing.expires_on,
    )


def tell(verb: str, knowing: Knowing) -> None:
    """For both organisations to read."""
    readers = list({knowing.customer, knowing.organisation})
    with acting_as(None):
        audit.record(None, verb, organisations=readers, customer_id=knowing.customer, subject_id=knowing.recipient)


@atomic
def snooze(actor: Actor, *, seen: Visibility, until_on: date, reason: str, today: date, everybody: bool) -> Silence:
    """Silent through `until_on`, for the actor's own people or, if the customer says so, for everybody.

    Raises Forbidden, and `Refused` for a day in the past or too far ahead.
    """
    require(actor, Power.SET_REMINDERS if everybody else Power.SNOOZE_REMINDERS)
    if snooze_refused(until_on, today=today):
        raise Refused
    return begin(actor, seen, until_on, everybody=everybody, reason=reason)


def begin(actor: Actor, seen: Visibility, until_on: date, *, everybody: bool, reason: str) -> Silence:
    """Write it down, in place of one alike; only its customer silences a coverage for everybody."""
    if everybody and seen.customer_id != actor.organisation_id:
        raise Forbidden("only its customer silences a coverage for everybody")
    organisation = None if everybody else actor.organisation_id
    alike = {"coverage_id": seen.coverage_id, "expires_on": seen.expires_on, "why": Why.SNOOZED.value}
    Silence.objects.filter(**alike, organisation=organisation, recipient_id=None).delete()
    made = Silence.objects.create(
        **alike,
        customer_id=seen.customer_id,
        organisation_id=organisation,
        reason=reason,
        until_on=until_on,
        made_by_id=actor.user_id,
        created_at=database_now(),
    )
    record(actor, "reminder.snoozed", made)
    return made


@atomic
def end_silence(actor: Actor, silence: Silence) -> None:
    """What was cancelled meanwhile is owed again, if it is still the newest due. Raises Forbidden."""
    general = silence.organisation_id is None
    require(actor, Power.SET_REMINDERS if general else Power.SNOOZE_REMINDERS)
    record(actor, "reminder.resumed", silence)
    silence.delete()


def record(actor: Actor, verb: str, silence: Silence) -> None:
    """A firm's snooze for its own people is its own affair; everything else the customer's advisors read too."""
    readers = {actor.organisation_id} if actor.kind is Kind.ADVISOR else {silence.customer_id}
    until = {"until": silence.until_on.isoformat()} if silence.until_on else {}
    audit.record(
        actor,
        verb,
        organisations=list(readers),
        customer_id=silence.customer_id,
        subject_id=silence.coverage_id,
        reason=silence.reason,
        **until,
    )
