"""Accepting a quote: a customer's right alone, once, and only for what still is as it was quoted."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.transaction import atomic

from accounts.models import ApprovalLimit, Membership
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Kind, Power, Role
from accounts.tenancy import acting_as
from licences.models import Coverage
from licences.services.grants import lock_customer
from renewals.models import Decision, Order, Quote, QuoteLine
from renewals.rules.decisions import State as DecisionState
from renewals.rules.decisions import remaining
from renewals.rules.quotes import (
    ORDERED,
    Difference,
    Hindrance,
    Stand,
    State,
    Verb,
    after,
    difference,
    hindrance,
    party_of,
    standing,
)
from renewals.services import quote_news as news
from renewals.services.quote_rows import COVER
from renewals.services.quotes import keep, locked


@dataclass(frozen=True, slots=True)
class Changed:
    """A line whose coverage is no longer what was quoted."""

    line: QuoteLine
    difference: Difference


class OutOfDate(Exception):
    """Coverages changed since the pricing day: recalculate. `changes` name them."""

    def __init__(self, changes: list[Changed]) -> None:
        super().__init__("out of date")
        self.changes = changes


class Hindered(Exception):
    """The role may accept quotes, but not this one."""

    def __init__(self, why: Hindrance) -> None:
        super().__init__(why.value)
        self.why = why


class ConsentNeeded(Exception):
    """Accepting would shorten cover that is paid for; the customer has to say that it wants so."""


class Taken(Exception):
    """A coverage of it is in an accepted quote that is not fulfilled yet: that of `order`."""

    def __init__(self, order: Order | None) -> None:
        super().__init__("taken")
        self.order = order


def accept(actor: Actor, *, quote: Quote, key: str | None = None, consents: bool = False) -> Order:
    """The quote's one order. The same `key` again gives the same order, whatever has become of it since.

    Raises Forbidden, `Hindered`, `ConsentNeeded`, `OutOfDate`, `Closed` and `OutOfReach`; `Taken` for a second
    acceptance, of this quote or of another one that touches a coverage of it.
    """
    with atomic():
        require(actor, Power.ACCEPT_QUOTES)
        lock_customer(actor)
        if key and (known := Order.objects.visible_to(actor).filter(key=key).first()):
            return same(known, quote)
        row = locked(actor, quote.pk)
        check(actor, row, consents=consents)
        order = written(actor, row, key)
        news.write_down(actor, "quote.accepted", row, order=str(order.pk))
        news.tell(actor, "accepted", row, to=[*news.author(row), *news.keepers(order)])
        return order


def same(order: Order, quote: Quote) -> Order:
    """The order that this key has made, if it was for this quote."""
    if order.quote_id != quote.pk:
        raise Taken(order)
    return order


def check(actor: Actor, row: Any, *, consents: bool) -> None:
    """Raises unless the actor may accept the quote as it stands today."""
    if State(row.state) in ORDERED:
        raise Taken(Order.objects.visible_to(actor).filter(quote=row.pk).first())
    stands = standing(State(row.state), valid_until=row.valid_until, today=row.today)
    # A draft is the customer's own here; its time passes like that of any other.
    stands = State.EXPIRED if row.valid_until < row.today else stands
    after(stands, Verb.ACCEPT, party_of(actor, author=row.organisation_id))
    if why := hindered(actor, row.money):
        raise Hindered(why)
    lines = list(row.lines.filter(kind__in=COVER).order_by("number"))
    if changes := outdated(row, lines):
        raise OutOfDate(changes)
    if shortens(lines) and not consents:
        raise ConsentNeeded
    if holder := taken_by(actor, lines):
        raise Taken(holder)


def outdated(row: Quote, lines: list[QuoteLine]) -> list[Changed]:
    """All that keeps the quote from being accepted; what its author no longer sees, it cannot answer for."""
    changes = differences(lines)
    if changes or still_shared(row):
        return changes
    return [Changed(line, Difference.NOT_SHARED) for line in lines[:1]]


def hindered(actor: Actor, totals: dict[str, Decimal]) -> Hindrance | None:
    """Why the actor's role may not accept these totals; two queries."""
    team = Membership.objects.filter(organisation=actor.organisation_id, user__is_active=True)
    limits = ApprovalLimit.objects.visible_to(actor).filter(membership__user=actor.user_id)
    return hindrance(
        actor.role,
        totals,
        has_approver=team.filter(role=Role.APPROVER.value).exists(),
        limits=dict(limits.values_list("currency", "amount")),
    )


def differences(lines: list[QuoteLine]) -> list[Changed]:
    """Which coverages are no longer as they were quoted; one query."""
    ids = [line.coverage_id for line in lines if line.coverage_id]
    decided = Decision.objects.standing().filter(coverage=OuterRef("pk"), state=DecisionState.DECIDED.value)
    gone = Coalesce(Subquery(decided.values("quantity")[:1]), Value(0), output_field=IntegerField())
    rows = Coverage.objects.filter(pk__in=ids).values_list("pk", "expires_on", "quantity", gone)
    now = {pk: Stand(expires_on, owned, remaining(owned, lost)) for pk, expires_on, owned, lost in rows}
    found = (
        (line, difference(Stand(line.expires_on, line.owned, line.quantity), stand_of(line, now))) for line in lines
    )
    return [Changed(line, what) for line, what in found if what]


def stand_of(line: QuoteLine, now: dict[UUID, Stand]) -> Stand | None:
    """How the line's coverage is now; None where it was removed."""
    return now.get(line.coverage_id) if line.coverage_id else None


def still_shared(quote: Quote) -> bool:
    """Whether the author may still quote all of it: asked in the author's own place, for it alone knows its sight."""
    if quote.organisation_id == quote.customer_id:
        return True
    firm = Actor(quote.organisation_id, Kind.ADVISOR, Role.MEMBER)
    with acting_as(firm):
        return Quote.objects.visible_to(firm).filter(pk=quote.pk).exists()


def shortens(lines: list[QuoteLine]) -> bool:
    """Whether a coverage would end earlier than it does."""
    return any(line.ends_on < line.expires_on for line in lines)


def taken_by(actor: Actor, lines: list[QuoteLine]) -> Order | None:
    """The first order that holds one of these coverages."""
    ids: list[UUID] = [line.coverage_id for line in lines if line.coverage_id]
    held = QuoteLine.objects.held().filter(customer=actor.organisation_id, coverage__in=ids)
    return Order.objects.visible_to(actor).filter(quote__in=held.values("quote")).order_by("id").first()


def written(actor: Actor, row: Quote, key: str | None) -> Order:
    """Holds the coverages and makes the order; the database lets one alone do so."""
    lines = row.lines.filter(kind__in=COVER)
    try:
        with atomic():
            lines.update(held=True)
    except IntegrityError:
        raise Taken(taken_by(actor, list(lines))) from None
    keep(row, state=State.ACCEPTED.value, decided_by_id=actor.user_id, decided_at=database_now())
    return Order.objects.create(
        customer_id=row.customer_id,
        organisation_id=row.organisation_id,
        quote=row,
        key=key or None,
        totals=row.totals,
        ends_on=row.ends_on,
        coverages=row.coverages,
        count=lines.aggregate(count=Count("pk"))["count"],
        created_by_id=actor.user_id,
        created_at=database_now(),
    )
