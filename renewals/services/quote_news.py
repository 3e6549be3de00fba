"""What happens to a quote or an order is written down for those whom it concerns, and told by mail."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from accounts import audit, outbox
from accounts.models import Membership
from accounts.outbox import Addressee
from accounts.rules import Actor, Kind, Role
from renewals.models import Order, Quote
from renewals.rules.quotes import State

LETTER, ORDER_LETTER = "renewals.quote", "renewals.order"
KEEPERS = (Role.OWNER.value, Role.RENEWALS_MANAGER.value)
DECIDERS = (*KEEPERS, Role.APPROVER.value)
OWNERS = (Role.OWNER.value,)


def write_down(actor: Actor | None, verb: str, quote: Quote, **details: Any) -> None:
    """The audit's entries: the author's, and from the submission on the customer's. Ids and dates, never amounts."""
    is_private = quote.state == State.DRAFT and verb in ("quote.saved", "quote.changed", "quote.discarded")
    concerned = {quote.organisation_id} if is_private else {quote.organisation_id, quote.customer_id}
    said = {"number": quote.number, "count": len(quote.coverages), "advisor": advisor_id(quote)}
    audit.record(
        actor, verb, organisations=concerned, customer_id=quote.customer_id, subject_id=quote.pk, **said | details
    )


def write_order(actor: Actor | None, verb: str, order: Order, **details: Any) -> None:
    """The audit's entries of an order: the customer's, the author's, those of whoever placed it, and did this."""
    theirs = {order.customer_id, order.organisation_id, order.placed_organisation_id}
    concerned = theirs | {actor.organisation_id if actor else None}
    said = {"number": order.number, "count": order.count, "quote": str(order.quote_id)}
    audit.record(
        actor, verb, organisations=concerned, customer_id=order.customer_id, subject_id=order.pk, **said | details
    )


def advisor_id(quote: Quote) -> str | None:
    """The firm that quotes; None for a customer's own."""
    return None if quote.organisation_id == quote.customer_id else str(quote.organisation_id)


def send(actor: Actor, quote: Quote, *, to: Iterable[Addressee], message: str = "") -> None:
    """The quote itself by mail, to each of these; as often as it is asked for."""
    for reader in to:
        post(actor, LETTER, reader, quote.customer_id, quote=str(quote.pk), news="sent", message=message, by=by(actor))


def tell(actor: Actor | None, news: str, quote: Quote, *, to: Iterable[Addressee], **context: Any) -> None:
    """A letter for each reader but whoever did it. The key keeps the same news from going out twice."""
    for reader in others(actor, to):
        key = f"quote:{quote.pk}:{news}:{reader.email}"[:200]
        post(actor, LETTER, reader, quote.customer_id, key=key, quote=str(quote.pk), news=news, by=by(actor), **context)


def tell_order(actor: Actor | None, news: str, order: Order, *, to: Iterable[Addressee], **context: Any) -> None:
    """The same for an order."""
    for reader in others(actor, to):
        key = f"order:{order.pk}:{news}:{reader.email}"[:200]
        sent = {"order": str(order.pk), "news": news, "by": by(actor), **context}
        post(actor, ORDER_LETTER, reader, order.customer_id, key=key, **sent)


def post(
    actor: Actor | None, kind: str, reader: Addressee, customer_id: UUID, *, key: str | None = None, **context: Any
) -> None:
    outbox.post(actor, kind, reader, customer_id=customer_id, key=key, **context)


def others(actor: Actor | None, to: Iterable[Addressee]) -> list[Addressee]:
    """Each address once, and not that of whoever acts."""
    found = {each.email: each for each in to}.values()
    return [each for each in found if not actor or each.user_id != actor.user_id]


def by(actor: Actor | None) -> str | None:
    return str(actor.user_id) if actor and actor.user_id else None


def people(organisation_id: UUID, *, roles: Collection[str] = ()) -> list[Addressee]:
    """The organisation's people, or those of these roles."""
    team = Membership.objects.filter(organisation=organisation_id, user__is_active=True).select_related("user")
    return [
        Addressee.person(member.user, organisation_id)
        for member in team.order_by("id")
        if not roles or member.role in roles
    ]


def chosen(quote: Quote, users: Collection[UUID]) -> list[Addressee]:
    """Those of the customer's people that were picked; ids of anybody else are nobody's."""
    return [each for each in people(quote.customer_id) if each.user_id in set(users)]


def deciders(quote: Quote) -> list[Addressee]:
    """The customer's people who may accept, as far as their role says."""
    return people(quote.customer_id, roles=DECIDERS)


def keepers(order: Order) -> list[Addressee]:
    """The customer's owners and renewals managers."""
    return people(order.customer_id, roles=KEEPERS)


def author(row: Quote | Order) -> list[Addressee]:
    """Who made the quote, or the owners of the firm where that person has left."""
    quote = row if isinstance(row, Quote) else None
    team = people(row.organisation_id)
    wrote = quote.created_by_id if quote else None
    return [each for each in team if each.user_id == wrote] or people(row.organisation_id, roles=OWNERS)


def concerned(order: Order) -> list[Addressee]:
    """Who is told of an order: the customer's, whoever quoted, and whoever placed it."""
    return [*keepers(order), *author(order), *placer(order)]


def placer(order: Order) -> list[Addressee]:
    """Who placed it for another firm than the one that quoted, or that firm's owners where the person has left."""
    firm = order.placed_organisation_id
    if firm in (None, order.customer_id, order.organisation_id):
        return []
    team = people(firm) if firm else []
    return [each for each in team if each.user_id == order.placed_by_id] or people(firm, roles=OWNERS)


def programme() -> list[Addressee]:
    """The programme's managers; only they themselves and the schedule see them."""
    managers = Membership.objects.filter(organisation__kind=Kind.PROGRAMME.value, user__is_active=True)
    return [Addressee.person(each.user, each.organisation_id) for each in managers.select_related("user")]
