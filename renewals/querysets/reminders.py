"""Named questions about reminders and who mutes them."""

from typing import Any, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.querysets import TenantQuerySet, database_now
from accounts.rules import Actor, Kind

PAGE = (
    *(
        "id",
        "created_at",
        "leaves_at",
        "window",
        "why",
        "state",
        "reason",
        "expires_on",
        "recipient_id",
        "letter",
        "coverage_id",
    ),
    *("coverage__licence_id", "coverage__licence__product__name", "coverage__programme", "customer__name"),
    *("letter__state", "letter__sent_at", "letter__recipient", "letter__ambiguous", "letter__reason"),
    "letter__due_at",
    "letter__organisation",
)
M = TypeVar("M", bound=Model, covariant=True)


class ReminderQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A customer's own ledger; for an advisor, what its own people were sent."""
        own = "customer" if actor.kind is Kind.CUSTOMER else "organisation"
        return Q(**{own: actor.organisation_id})

    def in_state(self, state: str) -> Self:
        """`waiting`, `sent`, `dead` or `dropped`; anything else is all that was sent or will be.

        What has become of a letter is read from the letter; the ledger follows with the next sweep.
        """
        returned = Q(state="sent", letter__state="bounced")
        unsettled = Q(state__in=("pending", "dead"))
        shown = {
            "waiting": Q(letter__state__in=("pending", "sending")) & unsettled | Q(letter__state=None, state="pending"),
            "sent": Q(state="sent") & ~returned | unsettled & Q(letter__state__in=("sent", "delivered", "complained")),
            "dead": returned | unsettled & Q(letter__state="dead") | Q(letter__state=None, state="dead"),
            "dropped": Q(state__in=("superseded", "cancelled")),
        }
        return self.filter(shown.get(state, ~Q(state__in=("superseded", "cancelled"))))

    def for_page(self) -> "QuerySet[M, dict[str, Any]]":
        """What the page shows of each row, in one query."""
        return self.values(*PAGE)


class MuteQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """One's own, as a person or as a firm's contact."""
        contacts = self.model._meta.apps.get_model("advisors", "Contact")._default_manager
        mine = contacts.filter(user=actor.user_id).values("pk")
        return Q(recipient_id=actor.user_id) | Q(recipient_id__in=mine)


class SilenceQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A customer sees who is silent about its coverages; a firm its own people's silences, and the customer's."""
        if actor.kind is Kind.CUSTOMER:
            return Q(customer=actor.organisation_id)
        seen = self.model._meta.apps.get_model("licences", "Visibility")._default_manager.all()
        shared = seen.filter(organisation=actor.organisation_id, valid_until__gt=database_now()).values("coverage")
        own = Q(organisation=actor.organisation_id)
        return Q(coverage__in=shared) & (own | Q(organisation=None, recipient_id=None))
