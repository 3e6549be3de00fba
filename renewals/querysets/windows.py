"""Named questions about the rules of reminders."""

from typing import Self, TypeVar

from django.db.models import Model, Q

from accounts.querysets import TenantQuerySet
from accounts.rules import Actor, Kind

M = TypeVar("M", bound=Model, covariant=True)


class RuleQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The programme's own, which mails tell everybody; and a customer's, to itself."""
        general = Q(customer=None)
        return general | Q(customer=actor.organisation_id) if actor.kind is Kind.CUSTOMER else general

    def general(self) -> Self:
        """The programmes' own, that count wherever nothing narrower does."""
        return self.filter(customer=None)
