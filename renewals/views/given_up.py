"""What is proposed and decided not to be renewed, in words: on both homes, in the portfolio, and beside a coverage."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.permissions import allows
from accounts.rules import AccessLevel, Actor, Kind, Power
from interface.money import number
from licences.models import Visibility
from renewals.models import Decision
from renewals.rules.decisions import State, remaining

MOST = 5
NEWS_DAYS = 14
FACTS = ("coverage_id", "state", "quantity", "coverage__quantity")


@dataclass(frozen=True, slots=True)
class Mark:
    """How a coverage stands: decided, or only proposed; all of its seats or some."""

    text: str
    is_decided: bool
    is_whole: bool
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a home: whose it is, what is said, of which coverage.

    `asks` where the reader is to answer; `is_about`: the name is the customer's, and no part of the sentence.
    """

    name: str
    text: str
    decision: Any
    url: str
    asks: bool
    is_about: bool


def marks(actor: Actor, coverages: Collection[UUID]) -> dict[UUID, Mark]:
    """Those of the coverages that are proposed or decided not to be renewed, as far as the actor knows; one query."""
    rows = Decision.objects.visible_to(actor).standing().filter(coverage__in=coverages)
    # Proposals first, so that what is decided overwrites them.
    return {row["coverage_id"]: _mark(row) for row in rows.order_by("-state", "id").values(*FACTS)}


def _mark(row: dict[str, Any]) -> Mark:
    owned, decided = row["coverage__quantity"], row["state"] == State.DECIDED
    whole, seats = remaining(owned, row["quantity"]) == 0, {"count": number(row["quantity"]), "all": number(owned)}
    if decided:
        text = gettext("Will not be renewed") if whole else gettext("%(count)s of %(all)s will not be renewed") % seats
    else:
        part = gettext("Proposed: %(count)s of %(all)s not to be renewed") % seats
        text = gettext("Proposed not to be renewed") if whole else part
    return Mark(text, decided, whole, reverse("renewals:not-renewing", args=[row["coverage_id"]]))


def remarks(actor: Actor, coverages: Collection[UUID]) -> dict[UUID, str]:
    """The same as words alone, for pages of apps below."""
    return {pk: mark.text for pk, mark in marks(actor, coverages).items()}


def may_give_up(actor: Actor, seen: Visibility) -> bool:
    """Whether the actor may decide, or as a firm propose, that this coverage is not renewed."""
    level = AccessLevel.NONE if actor.kind is Kind.CUSTOMER else AccessLevel(seen.access_level)
    return allows(actor, Power.BUILD_QUOTES, level=level)


def items(actor: Actor) -> list[Item]:
    """For a home, at most MOST, in one query: what waits for an answer, what was answered, what is decided."""
    own = Q(organisation=actor.organisation_id)
    wanted = Q(state=State.DECIDED.value) | Q(state=State.PROPOSED.value)
    standing = wanted & Q(coverage__expires_on=F("expires_on"))
    if actor.kind is Kind.ADVISOR:
        lately = timezone.now() - timedelta(NEWS_DAYS)
        standing |= own & Q(state=State.DROPPED.value, ended_at__gte=lately)
    rows = Decision.objects.visible_to(actor).filter(standing)
    named = rows.select_related("customer", "organisation", "coverage__licence__product")
    # By name the states happen to stand in the order of their urgency, backwards.
    return list(_items(actor, named.order_by("-state", "-id")[:MOST]))


def _items(actor: Actor, rows: Iterable[Any]) -> Iterable[Item]:
    is_own, answers = actor.kind is Kind.CUSTOMER, actor.kind is Kind.CUSTOMER and allows(actor, Power.BUILD_QUOTES)
    for row in rows:
        asks = answers and row.state == State.PROPOSED
        firm = row.organisation.name if row.state == State.PROPOSED else ""
        page = _page(row, acts=answers or (row.state == State.PROPOSED and not is_own))
        yield Item(firm if is_own else row.customer.name, _said(row, is_own), row, page, asks, not is_own)


def _page(row: Any, *, acts: bool) -> str:
    """Where it is answered, withdrawn or taken back; or else the licence."""
    if acts:
        return reverse("renewals:not-renewing", args=[row.coverage_id])
    return reverse("licences:licence", args=[row.coverage.licence_id])


def _said(row: Any, is_own: bool) -> str:
    """What has become of it, about so many seats."""
    count = min(row.quantity, row.coverage.quantity)
    seats = ngettext("%(count)s of %(all)s seat", "%(count)s of %(all)s seats", row.coverage.quantity)
    values = {"seats": seats % {"count": number(count), "all": number(row.coverage.quantity)}}
    if row.state == State.PROPOSED:
        asked = gettext("proposes not to renew %(seats)s") if is_own else gettext("you propose not to renew %(seats)s")
        return asked % values
    if row.state == State.DROPPED:
        return gettext("renews all the same, against your proposal: %(seats)s") % values
    return gettext("%(seats)s will not be renewed") % values
