"""Named questions about quotes and their lines, and about orders."""

from datetime import date
from typing import Any, Self, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from accounts.querysets import TenantQuerySet, database_now
from accounts.rules import AccessLevel, Actor, Kind
from renewals.rules.orders import State as OrderState
from renewals.rules.quotes import OPEN, State

M = TypeVar("M", bound=Model, covariant=True)


def reached(model: type[Model], actor: Actor, *, level: AccessLevel) -> QuerySet[Any, Any]:
    """The coverages that the actor's organisation holds at that level or a higher one."""
    visibility = model._meta.apps.get_model("licences", "Visibility")._default_manager
    return visibility.filter(
        organisation=actor.organisation_id, access_level__gte=level.value, valid_until__gt=database_now()
    )


def out_of_reach(model: type[Model], actor: Actor, *, level: AccessLevel, quote: str) -> Exists:
    """Whether a line of the row's quote, named by the column `quote`, is of a coverage below that level."""
    lines = model._meta.apps.get_model("renewals", "QuoteLine")._default_manager.filter(quote=OuterRef(quote))
    here = reached(model, actor, level=level).filter(coverage=OuterRef("coverage"))
    return Exists(lines.exclude(Exists(here)))


class QuoteQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A customer's own from their submission on, its own drafts before; a firm's own while it may still quote."""
        mine = Q(organisation=actor.organisation_id)
        if actor.kind is Kind.CUSTOMER:
            return Q(customer=actor.organisation_id) & (mine | ~Q(state=State.DRAFT.value))
        if actor.kind is Kind.ADVISOR:
            return mine & ~Q(out_of_reach(self.model, actor, level=AccessLevel.QUOTE, quote="pk"))
        return Q(pk__in=())

    def open(self, today: date) -> Self:
        """Drafts, and what can still be accepted; `today` is the reader's."""
        return self.filter(Q(state=State.DRAFT.value) | Q(state=State.SUBMITTED.value, valid_until__gte=today))

    def undecided(self) -> Self:
        """Drafts and submitted ones, whether or not their time is over."""
        return self.filter(state__in=[state.value for state in OPEN])


class LineQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The lines of the quotes that are seen, and for a firm of the orders; for the programme those of orders."""
        apps = self.model._meta.apps
        orders: Any = apps.get_model("renewals", "Order")._default_manager
        if actor.kind is Kind.PROGRAMME:
            return Q(quote__in=orders.values("quote"))
        quotes: Any = apps.get_model("renewals", "Quote")._default_manager
        own = Q(quote__in=quotes.visible_to(actor).values("pk"))
        if actor.kind is not Kind.ADVISOR:
            return own
        return own | Q(quote__in=orders.visible_to(actor).of_others(actor).values("quote"))

    def held(self) -> Self:
        """Those of accepted quotes that are not fulfilled yet: at most one for each coverage."""
        return self.filter(held=True)

    def in_order(self) -> Self:
        return self.order_by("quote", "number")


class OrderQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A customer's own; the programme's, all; a firm's as far as its access goes.

        Those of its own quotes while it may still quote all of them; of others what it may place, and what it placed,
        while it may renew all of it.
        """
        if actor.kind is Kind.CUSTOMER:
            return Q(customer=actor.organisation_id)
        if actor.kind is Kind.ADVISOR:
            quoted = ~Q(out_of_reach(self.model, actor, level=AccessLevel.QUOTE, quote="quote_id"))
            renewed = ~Q(out_of_reach(self.model, actor, level=AccessLevel.RENEW, quote="quote_id"))
            waits = Q(state=OrderState.TO_PLACE.value) | Q(placed_organisation_id=actor.organisation_id)
            mine = Q(organisation=actor.organisation_id)
            return mine & quoted | ~mine & waits & renewed
        return Q() if actor.kind is Kind.PROGRAMME else Q(pk__in=())

    def of_others(self, actor: Actor) -> Self:
        """Made of quotes that others wrote: what the actor may place, or has placed."""
        return self.exclude(organisation=actor.organisation_id)

    def placeable_by(self, actor: Actor) -> Self:
        """Those of which the actor holds every coverage at level Renew; an owner of licences holds its own so."""
        gone = out_of_reach(self.model, actor, level=AccessLevel.RENEW, quote="quote_id")
        return self.exclude(Q(gone))

    def newest_first(self) -> Self:
        return self.order_by(F("id").desc())


class PaperQuerySet(TenantQuerySet[M]):
    """Files of orders: whoever sees the order may have them."""

    def seen_by(self, actor: Actor) -> Q:
        orders: Any = self.model._meta.apps.get_model("renewals", "Order")._default_manager
        return Q(order__in=orders.visible_to(actor).values("pk"))
