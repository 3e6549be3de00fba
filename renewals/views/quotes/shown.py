"""A quote with how it stands today, and what its reader may do with it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.permissions import allows
from accounts.rules import Actor, Kind, Power
from interface.money import money_exact
from licences.querysets import today_in
from renewals.models import QUOTE_STATES, Quote
from renewals.rules.quotes import State, Verb, may, party_of, standing

SIGNS = {
    State.DRAFT: "draft",
    State.SUBMITTED: "sent",
    State.ACCEPTED: "accepted",
    State.DECLINED: "declined",
    State.WITHDRAWN: "withdrawn",
    State.EXPIRED: "expired",
    State.CANCELLED: "withdrawn",
    State.FULFILLED: "active",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """`standing` is by the calendar; `may` names the verbs that the reader's place allows now."""

    quote: Any
    standing: State
    is_over: bool
    is_own: bool
    may: dict[str, bool]

    @property
    def sign(self) -> str:
        return SIGNS[self.standing]

    @property
    def word(self) -> Any:
        return QUOTE_STATES[self.standing.value]

    @property
    def totals(self) -> list[str]:
        """One a currency."""
        return sums(self.quote.money)


def sums(totals: dict[str, Decimal]) -> list[str]:
    """Amounts in the reader's language, one a currency."""
    return [money_exact(amount, currency) for currency, amount in totals.items()]


def seen(actor: Actor) -> QuerySet[Quote]:
    """What the actor sees, with both names and today where the customer is."""
    rows = Quote.objects.visible_to(actor).select_related("customer", "organisation").defer("basis")
    return rows.annotate(today=today_in("customer__time_zone"))


def shown(actor: Actor, quote: Any) -> Shown:
    """A draft whose prices no longer hold can be recalculated or discarded, and nothing else."""
    stands = standing(State(quote.state), valid_until=quote.valid_until, today=quote.today)
    is_over = quote.valid_until < quote.today
    party = party_of(actor, author=quote.organisation_id)
    may_decide = actor.kind is not Kind.CUSTOMER or allows(actor, Power.ACCEPT_QUOTES)
    verbs = {verb.name.lower(): may(stands, verb, party) and may_decide for verb in Verb}
    if is_over:
        verbs |= {"accept": False, "submit": False}
    return Shown(quote, stands, is_over, quote.organisation_id == actor.organisation_id, verbs)


def quote_of(actor: Actor, pk: UUID) -> Shown:
    """The quote, or the same 404 for a foreign and an absent one."""
    return shown(actor, get_object_or_404(seen(actor), pk=pk))


def own_quote_of(actor: Actor, pk: UUID) -> Shown:
    """The same for what only its author may do: to everybody else it is not there."""
    found = quote_of(actor, pk)
    if not found.is_own:
        raise Http404
    return found
