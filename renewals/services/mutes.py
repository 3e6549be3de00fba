"""A reader's way out: signed links that stop a customer's reminders, or all of them, for one person (RFC 8058)."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts import audit
from accounts.querysets import database_now
from accounts.tenancy import acting_as
from renewals.models import Mute

SALT = "renewals.mute"


@dataclass(frozen=True, slots=True)
class Way:
    """What a link stops: reminders of `customer` for `recipient`; of every customer when it is None."""

    recipient: UUID
    customer: UUID | None = None
    customer_name: str = ""

    def path(self) -> str:
        """The page that stops, and starts again; it never expires, for a mail is kept for years."""
        customer = self.customer.hex if self.customer else ""
        token = signing.dumps([self.recipient.hex, customer, self.customer_name[:60]], salt=SALT, compress=True)
        return reverse("renewals:mute", args=[token])

    def address(self) -> str:
        """The link, for mails."""
        return f"{settings.BASE_URL}{self.path()}"

    @classmethod
    def read(cls, token: str) -> Self:
        """What a token says; raises BadSignature for any that we have not made."""
        recipient, customer, name = signing.loads(token, salt=SALT)
        return cls(UUID(recipient), UUID(customer) if customer else None, name)


def mute(way: Way) -> None:
    """Stop these reminders; what is already on its way is checked again before it is sent. Twice is as good as once."""
    with acting_as(None, user_id=way.recipient):
        mine = Mute.objects.filter(recipient_id=way.recipient, customer=way.customer)
        if mine.exists():
            return
        Mute.objects.create(recipient_id=way.recipient, customer_id=way.customer, created_at=database_now())
    record("reminder.muted", way)


def unmute(way: Way) -> None:
    """Let them come again; the sweep then finds what is due."""
    with acting_as(None, user_id=way.recipient):
        gone, _ = Mute.objects.filter(recipient_id=way.recipient, customer=way.customer).delete()
    if gone:
        record("reminder.unmuted", way)


def record(verb: str, way: Way) -> None:
    """For the customer to read, since a reminder that nobody gets is a reminder lost."""
    with acting_as(None):
        audit.record(None, verb, organisations=[way.customer], customer_id=way.customer, subject_id=way.recipient)
