"""A firm's quotes that need somebody: what the rules of attention have to know of them, and how each is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.rules import Actor
from interface import dates
from interface.money import number
from renewals.models import Decision, Order, Quote, QuoteLine
from renewals.querysets.decisions import given_up
from renewals.rules import orders
from renewals.rules.attention import Offer, Pending, Reason
from renewals.rules.quotes import State
from renewals.services.quote_rows import COVER

# The first of these are told of; whoever has more open than this begins with what ends first.
CONSIDERED = 500
FACTS = ("pk", "customer_id", "coverages", "valid_until", "submitted_at", "customer__name", "customer__slug")
STEPS: dict[Reason, str | Promise] = {
    Reason.TO_PLACE: _("Open the order"),
    Reason.OUTDATED: _("Recalculate"),
    Reason.QUOTE_ENDS: _("Open the quote"),
    Reason.UNANSWERED: _("Send it again"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """An offer with its customer's name and slug."""

    offer: Offer
    customer: str
    slug: str


def open_offers(actor: Actor, *, today: date) -> dict[UUID, Named]:
    """The firm's own drafts and offers whose prices still hold, and orders to place, by quote; one query."""
    is_open = Q(state__in=[State.DRAFT.value, State.SUBMITTED.value], valid_until__gte=today)
    to_place = Order.objects.filter(quote=OuterRef("pk"), state=orders.State.TO_PLACE.value)
    rows = Quote.objects.visible_to(actor).filter(organisation=actor.organisation_id)
    found = rows.annotate(
        order=Subquery(to_place.values("pk")[:1]),
        first_on=Min("lines__expires_on"),
        is_outdated=Exists(changed_lines().filter(quote=OuterRef("pk"))),
    ).filter(is_open | Q(state=State.ACCEPTED.value, order__isnull=False))
    facts = found.order_by("valid_until", "pk").values(*FACTS, "order", "first_on", "is_outdated")
    return {row["pk"]: named(row) for row in facts[:CONSIDERED]}


def changed_lines() -> QuerySet[QuoteLine]:
    """Lines whose coverage has another date or quantity now, is gone, or of which other seats are to be renewed."""
    left = QuoteLine.objects.annotate(given_up=given_up(Decision))
    other = ~Q(coverage__expires_on=F("expires_on")) | ~Q(coverage__quantity=F("owned"))
    return left.filter(other | ~Q(quantity=F("owned") - F("given_up")) | Q(coverage=None), kind__in=COVER)


def named(row: Mapping[str, Any]) -> Named:
    sent_at, is_accepted = row["submitted_at"], row["order"] is not None
    offer = Offer(
        quote=row["pk"],
        customer=row["customer_id"],
        number=Quote(pk=row["pk"]).number,
        coverages=tuple(row["coverages"]),
        first_on=row["first_on"],
        valid_until=row["valid_until"],
        sent_on=timezone.localtime(sent_at).date() if sent_at else None,
        is_outdated=row["is_outdated"] and not is_accepted,
        order=row["order"],
    )
    return Named(offer, row["customer__name"], row["customer__slug"])


def what(offer: Offer) -> str:
    """The quote, and how much it is about."""
    count = len(offer.coverages)
    coverages = ngettext("%(count)s coverage", "%(count)s coverages", count) % {"count": number(count)}
    return gettext("Quote %(number)s · %(coverages)s") % {"number": offer.number, "coverages": coverages}


def why(each: Pending, today: date) -> str:
    """The reason in a sentence."""
    if each.reason is Reason.TO_PLACE:
        return gettext("Accepted, and its order is not placed yet")
    if each.reason is Reason.OUTDATED:
        return gettext("Coverages changed since it was priced")
    if each.reason is Reason.QUOTE_ENDS:
        ends_on = dates.day(each.offer.valid_until)
        return gettext("Nobody has answered; its prices hold through %(date)s") % {"date": ends_on}
    days = (today - (each.offer.sent_on or today)).days
    words = ngettext("Sent %(count)s day ago, and not answered", "Sent %(count)s days ago, and not answered", days)
    return words % {"count": number(days)}


def address(each: Pending) -> str:
    """Where the next step is."""
    if each.offer.order:
        return reverse("renewals:order", args=[each.offer.order])
    return reverse("renewals:quote", args=[each.offer.quote])
