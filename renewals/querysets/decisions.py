"""Named questions about decisions not to renew."""

from typing import Any, Self, TypeVar

from django.db.models import F, IntegerField, Model, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.querysets import TenantQuerySet
from accounts.rules import Actor, Kind
from renewals.rules.decisions import State

M = TypeVar("M", bound=Model, covariant=True)


class DecisionQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A customer's own; for a firm its own and what customers decided, of the coverages that it sees."""
        if actor.kind is Kind.CUSTOMER:
            return Q(customer=actor.organisation_id)
        if actor.kind is not Kind.ADVISOR:
            return Q(pk__in=())
        visibility: Any = self.model._meta.apps.get_model("licences", "Visibility")._default_manager
        spoken = Q(organisation=F("customer")) | Q(organisation=actor.organisation_id)
        return spoken & Q(coverage__in=visibility.visible_to(actor).values("coverage"))

    def decided(self) -> Self:
        """What customers decided, for whatever expiry."""
        return self.filter(state=State.DECIDED.value)

    def standing(self) -> Self:
        """Proposed or decided, for the expiry that the coverage still has."""
        open_states = (State.PROPOSED.value, State.DECIDED.value)
        return self.filter(state__in=open_states, coverage__expires_on=F("expires_on"))


def given_up(model: type[Model]) -> Coalesce:
    """How many seats of a row's coverage will not be renewed, of rows with `coverage` and `expires_on`."""
    decided: Any = model._default_manager.filter(
        coverage=OuterRef("coverage"), expires_on=OuterRef("expires_on"), state=State.DECIDED.value
    )
    return Coalesce(Subquery(decided.values("quantity")[:1]), Value(0), output_field=IntegerField())
