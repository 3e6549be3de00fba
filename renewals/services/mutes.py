"""A reader's way out: signed links that stop reminders of a coverage, a customer, a sort, or all (RFC 8058)."""

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
    """What a link stops for `recipient`: reminders of one coverage, of a customer, or of all when both are None."""

    recipient: UUID
    customer: UUID | None = None
    customer_name: str = ""
    coverage: UUID | None = None
    product: str = ""

    def path(self) -> str:
        """The page that stops, and starts again; it never expires, for a mail is kept for years."""
        customer = self.customer.hex if self.customer else ""
        said = [self.recipient.hex, customer, self.customer_name[:60]]
        said += [self.coverage.hex, self.product[:60]] if self.coverage else []
        token = signing.dumps(said, salt=SALT, compress=True)
        return reverse("renewals:mute", args=[token])

    def address(self) -> str:
        """The link, for mails."""
        return f"{settings.BASE_URL}{self.path()}"

    @classmethod
    def read(cls, token: str) -> Self:
        """What a token says; raises BadSignature for any that we have not made."""
        recipient, customer, name, *narrower = signing.loads(token, salt=SALT)
        coverage, product = narrower or ("", "")
        return cls(UUID(recipient), as_id(customer), name, as_id(coverage), product)

    def stops(self, sort: str) -> dict[str, UUID | str | None]:
        """The columns of its row; with a sort only what speaks of that."""
        return {
            "recipient_id": self.recipient,
            "customer_id": self.customer,
            "coverage_id": self.coverage,
            "sort": sort,
        }


def as_id(value: str) -> UUID | None:
    return UUID(value) if value else None


def mute(way: Way, *, sort: str = "") -> None:
    """Stop these reminders; what is already on its way is checked again before it is sent. Twice is as good as once."""
    with acting_as(None, user_id=way.recipient):
        if Mute.objects.filter(**way.stops(sort)).exists():
            return
        Mute.objects.create(**way.stops(sort), created_at=database_now())
    record("reminder.muted", way)


def unmute(way: Way, *, sort: str = "") -> None:
    """Let them come again; the sweep then finds what is due."""
    with acting_as(None, user_id=way.recipient):
        gone, _ = Mute.objects.filter(**way.stops(sort)).delete()
    if gone:
        record("reminder.unmuted", way)


def record(verb: str, way: Way) -> None:
    """For the customer to read, since a reminder that nobody gets is a reminder lost."""
    with acting_as(None):
        audit.record(None, verb, organisations=[way.customer], customer_id=way.customer, subject_id=way.recipient)
