"""Transfers to a distributor: the list, and the page of one, for each side what it may see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import allows
from accounts.querysets import database_now
from accounts.rules import Actor, Kind, Power
from interface.paging import page
from licences.forms.transfers import CONSENT_TEXTS
from licences.models import TRANSFER_STATES, Transfer, TransferSnapshot
from licences.rules.transfers import ENDED, State, Verb, may, party_of, standing
from licences.views.gate import KnownRequest, needs
from licences.views.sheets import sheet

SIGNS = {
    State.REQUESTED.value: "requested",
    State.CONSENTED.value: "sent",
    State.DELIVERED.value: "sent",
    State.RECEIPTED.value: "accepted",
    State.DECLINED.value: "declined",
    State.LAPSED.value: "expired",
    State.WITHDRAWN.value: "withdrawn",
    ENDED: "ended",
}
WORDS = {**TRANSFER_STATES, ENDED: pgettext_lazy("transfer", "Ended")}
KNOWN = {
    Kind.CUSTOMER: ("distributor", "advisor"),
    Kind.ADVISOR: ("distributor", "customer"),
    Kind.DISTRIBUTOR: (),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A transfer with how it stands now, and what the reader may do with it."""

    transfer: Any
    standing: str
    may: dict[str, bool]

    @property
    def sign(self) -> str:
        return SIGNS[self.standing]

    @property
    def word(self) -> Any:
        return WORDS[self.standing]


def shown(actor: Actor, transfer: Any) -> Shown:
    """By the database's clock; what has lapsed or ended can no longer be acted upon."""
    state = State(transfer.state)
    stands = standing(state, lapses_at=transfer.lapses_at, valid_until=transfer.valid_until, now=transfer.now)
    party = party_of(actor)
    verbs = {verb.name.lower(): stands == state and may(state, verb, party) for verb in Verb}
    return Shown(transfer, stands, verbs)


def seen(actor: Actor) -> QuerySet[Transfer]:
    """What the actor sees, with the names that it may know and the database's clock."""
    rows = Transfer.objects.visible_to(actor).annotate(now=database_now())
    return rows.select_related(*known) if (known := KNOWN.get(actor.kind)) else rows


def transfer_of(request: KnownRequest, pk: UUID) -> Shown:
    """The transfer, or the same 404 for a foreign and an absent one."""
    return shown(request.actor, get_object_or_404(seen(request.actor), pk=pk))


@needs(Power.SEE_TRANSFERS)
@require_safe
def transfers(request: KnownRequest) -> HttpResponse:
    """Newest first."""
    found = page(seen(request.actor), request.GET, keys=("-id",))
    context = {
        "page": found,
        "rows": [shown(request.actor, each) for each in found],
        "side": request.actor.kind.value,
        "may_prepare": allows(request.actor, Power.PREPARE_TRANSFERS),
    }
    return render(request, "licences/transfers/list.html", context)


@needs(Power.SEE_TRANSFERS)
@require_safe
def transfer(request: KnownRequest, pk: UUID) -> HttpResponse:
    """One transfer, as its side sees it."""
    row = transfer_of(request, pk)
    template, context = PAGES[request.actor.kind](request.actor, row)
    return render(request, f"licences/transfers/{template}.html", {"row": row, "transfer": row.transfer, **context})


def as_customer(actor: Actor, row: Shown) -> tuple[str, dict[str, Any]]:
    """All of it: what left, who consented to which words, and what has come of it."""
    content = content_of(actor, row.transfer)
    return "transfer", {
        "sheet": sheet(content) if content else None,
        "names": names_of(row.transfer),
        "text": CONSENT_TEXTS.get(row.transfer.text_version or 0, ""),
        "may_consent": allows(actor, Power.CONSENT_TRANSFER) and row.may["consent"],
        "has_left": row.transfer.receipted_at is not None,
    }


def as_advisor(actor: Actor, row: Shown) -> tuple[str, dict[str, Any]]:
    """What it proposed, and how that stands; never what left."""
    return "proposal", {"names": names_of(row.transfer)}


def as_distributor(actor: Actor, row: Shown) -> tuple[str, dict[str, Any]]:
    """The snapshot once its receipt is confirmed, before that only who sends it."""
    content = content_of(actor, row.transfer)
    return "received", {"sheet": sheet(content) if content else None}


PAGES: dict[Kind, Callable[[Actor, Shown], tuple[str, dict[str, Any]]]] = {
    Kind.CUSTOMER: as_customer,
    Kind.ADVISOR: as_advisor,
    Kind.DISTRIBUTOR: as_distributor,
}


def content_of(actor: Actor, transfer: Any) -> dict[str, Any] | None:
    """The snapshot that was consented to, as far as the actor may see it."""
    rows = TransferSnapshot.objects.visible_to(actor).filter(transfer=transfer.pk)
    return rows.values_list("content", flat=True).first()


def names_of(transfer: Any) -> dict[str, str]:
    """Who prepared, consented, received and ended it, as far as the reader may know them; one query."""
    ids = {
        "prepared": transfer.created_by_id,
        "consented": transfer.consented_by_id,
        "received": transfer.receipted_by_id,
        "ended": transfer.ended_by_id,
    }
    people = dict(User.objects.filter(pk__in=[each for each in ids.values() if each]).values_list("pk", "name"))
    return {what: people.get(pk, "") for what, pk in ids.items() if pk}
