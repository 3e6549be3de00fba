"""Named questions about reminders, notes and saved views."""

from typing import TypeVar

from django.db.models import Model, Q

from accounts.querysets import OwnQuerySet, TenantQuerySet
from accounts.rules import Actor, Kind

M = TypeVar("M", bound=Model, covariant=True)


class ReminderQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A customer's own ledger; for an advisor, what its own people were sent."""
        own = "customer" if actor.kind is Kind.CUSTOMER else "organisation"
        return Q(**{own: actor.organisation_id})


class MuteQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """One's own, as a person or as a firm's contact."""
        contacts = self.model._meta.apps.get_model("advisors", "Contact")._default_manager
        mine = contacts.filter(user=actor.user_id).values("pk")
        return Q(recipient_id=actor.user_id) | Q(recipient_id__in=mine)


class NoteQuerySet(OwnQuerySet[M]):
    pass


class ViewQuerySet(OwnQuerySet[M]):
    pass
