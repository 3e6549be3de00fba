"""The ledger for people: what was sent to whom, when and why, what waits, and what was held back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Letter, User
from accounts.permissions import allows
from accounts.rules import Actor, Kind, Power
from accounts.services.sending import retry, withdraw
from accounts.tenancy import ActorRequest
from accounts.views.personal import wanted_page
from accounts.views.queue import TRIED, trouble
from advisors.models import Contact
from interface.answers import see_other
from interface.paging import page
from licences.models import PROGRAMMES
from renewals.letters.wording import DROPPED, SORTS, WHY, window_label
from renewals.models import Mute, Reminder
from renewals.services.digests import CAPPED
from renewals.services.mutes import Way
from renewals.services.piles import KIND

TABS = {
    "": _("Sent and waiting"),
    "waiting": _("Waiting"),
    "sent": _("Sent"),
    "dead": _("Not delivered"),
    "dropped": _("Held back"),
}
TAKEN_BACK = _("The mail will not be sent.")
TOMORROW = _("The address has had its mails of the day")
CHANGED = _("The mail has moved on in the meantime, and was left alone.")
SHOWN = {"delivered": "sent", "complained": "sent", "bounced": "dead", "pending": "waiting", "sending": "waiting"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the page."""

    at: datetime
    licence: UUID
    coverage: UUID
    product: str
    programme: str | Promise
    customer: str
    window: str
    reader: str
    address: str
    why: str | Promise
    state: str
    note: str | Promise
    leaves_at: datetime | None
    ambiguous: bool
    letter: UUID | None
    can_retry: bool
    can_withdraw: bool


@require_safe
def ledger(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    if actor is None or actor.kind not in (Kind.CUSTOMER, Kind.ADVISOR):
        raise Http404
    state = request.GET.get("state", "")
    found = page(Reminder.objects.visible_to(actor).in_state(state).for_page(), request.GET, keys=("-id",))
    context = {
        "page": found,
        "entries": entries(found.rows, actor),
        "tabs": TABS.items(),
        "state": state if state in TABS else "",
        "sets_rules": allows(actor, Power.SET_REMINDERS),
        "advises": actor.kind is Kind.ADVISOR,
        "mutes": muted(actor),
    }
    return render(request, "renewals/reminders.html", context)


def own_letter(actor: Actor | None, pk: UUID) -> Letter:
    if actor is None or actor.kind not in (Kind.CUSTOMER, Kind.ADVISOR):
        raise Http404
    return get_object_or_404(Letter.objects.visible_to(actor).filter(kind=KIND).readable(), pk=pk)


@require_POST
def try_again(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One letter may hold several reminders: all of them leave again."""
    letter = own_letter(request.actor, pk)
    done = request.actor is not None and retry(request.actor, letter)
    (messages.success if done else messages.info)(request, TRIED if done else CHANGED)
    return see_other(request, wanted_page(request, default=reverse("renewals:reminders")))


@require_POST
def take_back(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One letter may hold several reminders: none of them leaves."""
    letter = own_letter(request.actor, pk)
    done = request.actor is not None and withdraw(request.actor, letter)
    (messages.success if done else messages.info)(request, TAKEN_BACK if done else CHANGED)
    return see_other(request, wanted_page(request, default=reverse("renewals:reminders")))


def entries(rows: Iterable[dict[str, Any]], actor: Actor) -> list[Entry]:
    """The rows in words, with their readers' names."""
    rows = list(rows)
    names = reader_names({row["recipient_id"] for row in rows})
    return [entry(row, names.get(row["recipient_id"], ""), actor) for row in rows]


def entry(row: dict[str, Any], name: str, actor: Actor) -> Entry:
    state, tends = shown_state(row), allows(actor, Power.TEND_REMINDERS)
    return Entry(
        at=row["letter__sent_at"] or (row["leaves_at"] if state == "sent" else None) or row["created_at"],
        licence=row["coverage__licence_id"],
        coverage=row["coverage_id"],
        product=row["coverage__licence__product__name"],
        programme=PROGRAMMES[row["coverage__programme"]],
        customer=row["customer__name"],
        window=window_label(row["window"]),
        reader=name or row["letter__recipient"] or "",
        address=row["letter__recipient"] or "",
        why=WHY.get(row["why"], ""),
        state=state,
        note=note(row, state),
        leaves_at=leaving(row) if state == "waiting" else None,
        ambiguous=bool(row["letter__ambiguous"]) and state in ("sent", "waiting"),
        letter=row["letter"],
        can_retry=tends and row["letter__state"] == "dead",
        can_withdraw=tends
        and row["letter__state"] == "pending"
        and row["letter__organisation"] == actor.organisation_id,
    )


def leaving(row: dict[str, Any]) -> datetime | None:
    """When a row goes out that has no letter yet, or one that failed before; on the clock of whoever looks."""
    failed = row["letter__state"] == "pending" and row["letter__reason"]
    at = row["letter__due_at"] if failed else None if row["letter"] else row["leaves_at"]
    return timezone.localtime(at) if at else None


def shown_state(row: dict[str, Any]) -> str:
    """The letter's state, for it knows first; what was held back stays so."""
    if row["state"] == "sent" and row["letter__state"] == "bounced":
        return "dead"
    settled = row["state"] in ("superseded", "cancelled", "sent")
    state = str(row["state"] if settled else row["letter__state"] or row["state"])
    return SHOWN.get(state, state)


def note(row: dict[str, Any], state: str) -> str | Promise:
    """Why a reminder was held back, or what the mail server said."""
    if state in ("superseded", "cancelled"):
        return DROPPED.get(row["reason"], "")
    if state == "waiting" and row["reason"] == CAPPED:
        return TOMORROW
    return trouble(row["letter__reason"] or "") if state in ("dead", "waiting") else ""


def reader_names(ids: set[UUID]) -> dict[UUID, str]:
    """People's and contacts' names; two queries."""
    people = User.objects.filter(pk__in=ids).values_list("pk", "name")
    contacts = Contact.objects.filter(pk__in=ids).values_list("pk", "name")
    return {**dict(people), **dict(contacts)}


def muted(actor: Actor) -> list[tuple[str, str, str | Promise, str]]:
    """What the person has stopped: of which coverage or customer (empty for all), which sort, and the way back."""
    mutes = Mute.objects.visible_to(actor).select_related("customer", "coverage__licence__product")
    return [
        (way.product or way.customer_name, way.path(), SORTS.get(sort, ""), sort) for way, sort in map(way_of, mutes)
    ]


def way_of(mute: Mute) -> tuple[Way, str]:
    """The link that has stopped it, and the sort."""
    product = mute.coverage.licence.product.name if mute.coverage else ""
    name = mute.customer.name if mute.customer else ""
    return Way(mute.recipient_id, mute.customer_id, name, mute.coverage_id, product), mute.sort
