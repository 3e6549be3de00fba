"""Orders: placed by the customer or its advisor, confirmed or cancelled by the programme."""

from hashlib import sha256
from typing import Any

from django.db.models import F
from django.db.transaction import atomic

from accounts import audit
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import AccessLevel, Actor, Kind, Power, Role
from accounts.tenancy import acting_as
from licences.rules.changes import Stale
from licences.services.grants import lock_customer
from licences.services.turns import take_turn
from renewals.models import Order, OrderPaper, Quote, QuoteLine
from renewals.querysets.quotes import OrderQuerySet
from renewals.rules import quotes
from renewals.rules.orders import OPEN, Closed, State, Verb, after, party_of
from renewals.rules.papers import Paper
from renewals.services import quote_news as news
from renewals.services.acceptance import Changed, OutOfDate, differences
from renewals.services.certificates import issue_each
from renewals.services.fulfilment import carry_out
from renewals.services.quote_rows import COVER
from renewals.services.quotes import keep as keep_quote


def place(
    actor: Actor, *, order: Order, purchase_order: str, paper: Paper | None = None, version: int | None = None
) -> Order:
    """Hands the order to the programme under the customer's purchase order number, and with its file if there is one.

    For the customer, and for an advisor while it holds every coverage at level Renew, whoever quoted. Raises Forbidden,
    `Stale` and `Closed`.
    """
    with atomic():
        require(actor, Power.PLACE_ORDERS, level=level_on(actor, order))
        row, state = in_hand(actor, order, Verb.PLACE, version=version)
        keep(
            row,
            state=state.value,
            purchase_order=purchase_order,
            placed_by_id=actor.user_id,
            placed_organisation_id=actor.organisation_id,
            placed_at=database_now(),
        )
        filed = hashed(keep_paper(actor, row, paper)) if paper else {}
        news.write_order(actor, "order.placed", row, **filed)
        news.tell_order(actor, "placed", row, to=news.concerned(row))
        return Order.objects.get(pk=row.pk)


def level_on(actor: Actor, order: Order) -> AccessLevel:
    """Renew for a firm that holds every coverage of the order at that level; a customer's role needs none."""
    if actor.kind is not Kind.ADVISOR:
        return AccessLevel.NONE
    may_renew = Order.objects.visible_to(actor).placeable_by(actor).filter(pk=order.pk).exists()
    return AccessLevel.RENEW if may_renew else AccessLevel.NONE


def add_paper(actor: Actor, *, order: Order, paper: Paper) -> OrderPaper:
    """The customer's purchase order as a file, instead of one that is there; for those who may place the order.

    Until the order is fulfilled or cancelled: afterwards `Closed`, and the file stays. Raises Forbidden and `Stale`.
    """
    with atomic():
        require(actor, Power.PLACE_ORDERS, level=level_on(actor, order))
        take_turn(order.pk)  # A firm sees an order that is placed, but may not lock its row any more.
        row = there(Order.objects.visible_to(actor), order)
        if State(row.state) not in OPEN:
            raise Closed(State(row.state))
        kept = keep_paper(actor, row, paper)
        news.write_order(actor, "order.filed", row, **hashed(kept))
        return kept


def keep_paper(actor: Actor, order: Order, paper: Paper) -> OrderPaper:
    """Stores the file; the one before is gone, and its hash stays in the audit."""
    OrderPaper.objects.filter(order=order.pk).delete()
    return OrderPaper.objects.create(
        customer_id=order.customer_id,
        order=order,
        organisation_id=actor.organisation_id,
        name=paper.name,
        kind=paper.kind.value,
        size=len(paper.content),
        sha256=sha256(paper.content).hexdigest(),
        content=paper.content,
        added_by_id=actor.user_id,
        added_at=database_now(),
    )


def hashed(paper: OrderPaper) -> dict[str, Any]:
    """What the audit keeps of a file, also when another one has taken its place."""
    return {"size": paper.size, "sha256": paper.sha256}


def paper_read(actor: Actor, paper: OrderPaper) -> None:
    """Both sides see in the history who of another organisation took the file; a customer's own reading is its own."""
    if actor.organisation_id != paper.customer_id:
        with atomic():
            said = {"number": paper.order.number, "count": paper.order.count}
            audit.record_read(
                actor, "order.paper_read", customer_id=paper.customer_id, subject_id=paper.order_id, **said
            )


def fulfil(actor: Actor, *, order: Order, version: int | None = None) -> Order:
    """The programme confirms: terms are written and expiry dates move, all of it or nothing.

    Raises `OutOfDate` when a coverage is no longer what was ordered: such an order can only be cancelled.
    """
    with atomic():
        require(actor, Power.CONFIRM_ORDERS)
        owner = for_customer(actor, order)
        with acting_as(owner):
            lock_customer(owner)
        row, state = in_hand(actor, order, Verb.FULFIL, version=version)
        keep(row, state=state.value, fulfilled_by_id=actor.user_id, fulfilled_at=database_now())
        with acting_as(owner):
            lines = still_as_ordered(row)
            carry_out(row, lines)
            issued = issue_each(owner, {line.covered for line in lines}, order=row)
            end_quote(actor, row, quotes.State.FULFILLED)
        news.write_order(actor, "order.fulfilled", row)
        if issued:
            both = (actor.organisation_id, row.customer_id)
            audit.record(actor, "certificate.issued", organisations=both, customer_id=row.customer_id, count=issued)
        news.tell_order(actor, "fulfilled", row, to=news.concerned(row))
        return Order.objects.get(pk=row.pk)


def cancel(actor: Actor, *, order: Order, reason: str, version: int | None = None) -> Order:
    """Ends an order that is not fulfilled: its coverages are free again, and reminders speak again.

    By the customer until it is placed, by the programme until it is fulfilled; never afterwards.
    """
    with atomic():
        require(actor, Power.CONFIRM_ORDERS if actor.kind is Kind.PROGRAMME else Power.PLACE_ORDERS)
        row, state = in_hand(actor, order, Verb.CANCEL, version=version)
        keep(row, state=state.value, reason=reason, cancelled_by_id=actor.user_id, cancelled_at=database_now())
        with acting_as(for_customer(actor, row)):
            end_quote(actor, row, quotes.State.CANCELLED, reason=reason)
        news.write_order(actor, "order.cancelled", row)
        news.tell_order(actor, "cancelled", row, to=news.concerned(row))
        return Order.objects.get(pk=row.pk)


def for_customer(actor: Actor, order: Order) -> Actor:
    """The customer's own place, in which the programme's answer takes effect: it has no sight of licences itself.

    With the person who acts: without one, the database shows neither the catalogue nor the programme.
    """
    return Actor(order.customer_id, Kind.CUSTOMER, Role.OWNER, actor.user_id)


def still_as_ordered(order: Order) -> list[QuoteLine]:
    """The lines of cover, in their order; raises `OutOfDate` unless each is still as it was quoted."""
    lines = list(QuoteLine.objects.filter(quote=order.quote_id).order_by("number"))
    changes: list[Changed] = differences([line for line in lines if line.kind in COVER])
    if changes:
        raise OutOfDate(changes)
    return lines


def end_quote(actor: Actor, order: Order, state: quotes.State, *, reason: str = "") -> None:
    """The quote follows its order, and no longer holds its coverages."""
    QuoteLine.objects.filter(quote=order.quote_id, held=True).update(held=False)
    quote = Quote.objects.get(pk=order.quote_id)
    keep_quote(quote, state=state.value, reason=reason, ended_by_id=actor.user_id, ended_at=database_now())


def in_hand(actor: Actor, order: Order, verb: Verb, *, version: int | None) -> tuple[Any, State]:
    """The order, locked, and the state that `verb` leads to; raises `Stale` when it is not as `version` was."""
    take_turn(order.pk)
    row = there(Order.objects.visible_to(actor).select_for_update(of=("self",), no_key=True), order)
    if version not in (None, row.version):
        raise Stale
    return row, after(State(row.state), verb, party_of(actor))


def there(rows: OrderQuerySet[Order], order: Order) -> Any:
    """The order out of these; raises `Stale` when the actor sees it no more."""
    if (row := rows.filter(pk=order.pk).first()) is None:
        raise Stale
    return row


def keep(order: Order, **values: Any) -> None:
    """Stores a step; each is a version of its own."""
    Order.objects.filter(pk=order.pk).update(version=F("version") + 1, **values)
