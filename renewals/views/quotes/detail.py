"""One quote: its bill, its lines with their arithmetic, how it stands, and what its reader may do."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import allows
from accounts.rules import Actor, Kind, Power
from interface.paging import page
from renewals.models import Order, Quote, QuoteLine
from renewals.rules.quotes import ORDERED, Difference, State
from renewals.services.acceptance import Changed, outdated
from renewals.services.quote_rows import COVER
from renewals.views.quotes.deciding import deciding
from renewals.views.quotes.gate import KnownRequest, needs
from renewals.views.quotes.lines import parts_of, rows_of
from renewals.views.quotes.shown import Shown, quote_of

OPEN = (State.DRAFT, State.SUBMITTED)
LINES_A_PAGE = 50


@needs(Power.SEE_QUOTES)
@require_safe
def quote(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For its author and, once it is submitted, its customer; to everybody else it is not there."""
    actor, row = request.actor, quote_of(request.actor, pk)
    lines = QuoteLine.objects.visible_to(actor).filter(quote=pk)
    found = page(lines, request.GET, keys=("number",), size=LINES_A_PAGE)
    context = {
        "row": row,
        "quote": row.quote,
        "page": found,
        "lines": rows_of(found.rows, is_masked=actor.kind is Kind.ADVISOR, quote=row.quote),
        "parts": parts_of(lines),
        "names": names_of(row.quote),
        "order": Order.objects.visible_to(actor).filter(quote=pk).first() if row.standing in ORDERED else None,
        "is_firm": actor.kind is Kind.ADVISOR,
        **hindrances(actor, row),
        "builder_url": builder_url(row.quote),
        "may_build": may_build(actor, row),
    }
    return render(request, "renewals/quotes/quote.html", context)


def hindrances(actor: Actor, row: Shown) -> dict[str, Any]:
    """What keeps the reader from accepting: changed coverages, the rules of approval."""
    if row.standing not in OPEN:
        return {"changes": [], "deciding": None}
    lines = list(row.quote.lines.filter(kind__in=COVER).defer("parts").order_by("number"))
    changes: list[Changed] = [] if actor.kind is Kind.ADVISOR and not row.is_own else outdated(row.quote, lines)
    found = deciding(actor, row.quote.money) if row.may["accept"] else None
    not_shared = any(each.difference is Difference.NOT_SHARED for each in changes)
    return {
        "changes": [] if not_shared else changes,
        "not_shared": not_shared,
        "deciding": found,
        "may_accept": found is not None and not changes and not found.why,
    }


def may_build(actor: Actor, row: Shown) -> bool:
    """Whether the reader may have it priced anew."""
    return (actor.kind is Kind.ADVISOR or allows(actor, Power.BUILD_QUOTES)) and row.standing not in (
        State.ACCEPTED,
        State.FULFILLED,
    )


def builder_url(quote: Quote) -> str:
    """The builder with the quote's own choice, to change it in place."""
    return f"{reverse('renewals:quote-new')}?draft={quote.pk}"


def names_of(quote: Quote) -> dict[str, str]:
    """Who drafted, submitted, decided and ended it, as far as the reader may know them; one query."""
    ids = {
        "created": quote.created_by_id,
        "submitted": quote.submitted_by_id,
        "decided": quote.decided_by_id,
        "ended": quote.ended_by_id,
    }
    people = dict(User.objects.filter(pk__in=[each for each in ids.values() if each]).values_list("pk", "name"))
    return {what: people.get(pk, "") for what, pk in ids.items() if pk}
