"""Orders: the list (for the programme: what waits for it), one order, and what is done to it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import allows, require
from accounts.rules import Actor, Kind, Power
from interface.answers import see_other
from interface.downloads import file_answer
from interface.paging import page
from renewals.forms.quotes import PaperForm, PlaceForm, ReasonForm
from renewals.models import ORDER_STATES, Certificate, Order, OrderPaper, QuoteLine
from renewals.rules.certificates import certified_in
from renewals.rules.orders import OPEN, State, Verb, may, party_of
from renewals.rules.papers import TYPES, PaperKind
from renewals.services import orders as verbs
from renewals.views.quotes.gate import KnownRequest, needs
from renewals.views.quotes.lines import parts_of, rows_of
from renewals.views.quotes.shown import sums

SIGNS = {State.TO_PLACE: "requested", State.PLACED: "sent", State.FULFILLED: "active", State.CANCELLED: "withdrawn"}
TABS = {
    "to_place": pgettext_lazy("orders", "To place"),
    "placed": pgettext_lazy("orders", "Placed"),
    "fulfilled": pgettext_lazy("orders", "Fulfilled"),
    "cancelled": pgettext_lazy("orders", "Cancelled"),
    "all": pgettext_lazy("orders", "All"),
}
LINES_A_PAGE = 50
CERTIFICATES_SHOWN = 10
both = require_http_methods(["GET", "POST"])


@dataclass(frozen=True, slots=True)
class Shown:
    """An order, and what the reader may do with it."""

    order: Any
    may: dict[str, bool]

    @property
    def sign(self) -> str:
        return SIGNS[State(self.order.state)]

    @property
    def word(self) -> Any:
        return ORDER_STATES[self.order.state]

    @property
    def totals(self) -> list[str]:
        return sums(self.order.money)


def seen(actor: Actor) -> QuerySet[Order]:
    return Order.objects.visible_to(actor).select_related("customer", "organisation")


def shown(actor: Actor, order: Order) -> Shown:
    party = party_of(actor)
    return Shown(order, {verb.name.lower(): may(State(order.state), verb, party) for verb in Verb})


def order_of(actor: Actor, pk: UUID) -> Shown:
    """The order, or the same 404 for a foreign and an absent one."""
    return shown(actor, get_object_or_404(seen(actor), pk=pk))


def order_for(actor: Actor, pk: UUID, verb: Verb) -> Shown:
    """The order, for a party that may do that at some time; to every other it is not there."""
    found = order_of(actor, pk)
    if not any(may(state, verb, party_of(actor)) for state in State):
        raise Http404
    return found


@needs(Power.SEE_ORDERS)
@require_safe
def orders(request: KnownRequest) -> HttpResponse:
    """Newest first; the programme begins with what waits for it."""
    is_programme = request.actor.kind is Kind.PROGRAMME
    asked, first = request.GET.get("state", ""), "placed" if is_programme else "all"
    tab = asked if asked in TABS else first
    rows = seen(request.actor) if tab == "all" else seen(request.actor).filter(state=tab)
    found = page(rows, request.GET, keys=("-id",))
    context = {
        "page": found,
        "rows": [shown(request.actor, each) for each in found],
        "tabs": [{"key": key, "label": label, "is_on": key == tab} for key, label in TABS.items()],
        "tab": tab,
        "is_own": request.actor.kind is Kind.CUSTOMER,
    }
    return render(request, "renewals/orders/list.html", context)


@needs(Power.SEE_ORDERS)
@require_safe
def order(request: KnownRequest, pk: UUID) -> HttpResponse:
    """With its lines; the programme sees them without the quote's arithmetic."""
    actor, row = request.actor, order_of(request.actor, pk)
    lines = QuoteLine.objects.visible_to(actor).filter(quote=row.order.quote_id)
    found = page(lines, request.GET, keys=("number",), size=LINES_A_PAGE)
    is_masked = actor.kind is Kind.ADVISOR
    context = {
        "row": row,
        "order": row.order,
        "page": found,
        "lines": rows_of(found.rows, is_masked=is_masked),
        "parts": parts_of(lines),
        "names": names_of(row.order),
        "certificates": certificates_of(actor, row.order),
        "is_own": actor.kind is Kind.CUSTOMER,
        "paper": papers_of(actor, row.order).first(),
        "may_see_quote": allows(actor, Power.SEE_QUOTES) and actor.organisation_id in sides(row.order),
        **placing(actor, row),
    }
    return render(request, "renewals/orders/order.html", context)


def certificates_of(actor: Actor, order: Order) -> dict[str, Any]:
    """Those that its fulfilment brought, as far as the reader sees their coverages: how many, and the first few."""
    if order.state != State.FULFILLED or actor.kind is Kind.PROGRAMME:
        return {"count": 0, "rows": []}
    issued = Certificate.objects.visible_to(actor).filter(order=order.pk)
    first = issued.with_standing().order_by("id")[:CERTIFICATES_SHOWN]
    return {"count": issued.count(), "rows": [(each, certified_in(each.facts)[0]) for each in first]}


def papers_of(actor: Actor, order: Order) -> QuerySet[OrderPaper]:
    """Its file, if there is one, without its content."""
    return OrderPaper.objects.visible_to(actor).filter(order=order.pk).defer("content")


def sides(order: Order) -> tuple[UUID, UUID]:
    """Whose quote it was made of, and for whom."""
    return order.customer_id, order.organisation_id


def placing(actor: Actor, row: Shown) -> dict[str, bool]:
    """Whether the reader may place the order now, and give it a file."""
    allowed = allows(actor, Power.PLACE_ORDERS, level=verbs.level_on(actor, row.order))
    return {
        "may_place": row.may["place"] and allowed,
        "may_file": allowed and State(row.order.state) is State.PLACED,
    }


@needs(Power.SEE_ORDERS)
@both
def place(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Asks for the purchase order number, and places the order."""
    row = order_for(request.actor, pk, Verb.PLACE)
    require(request.actor, Power.PLACE_ORDERS, level=verbs.level_on(request.actor, row.order))
    if request.method == "GET" and not row.may["place"]:
        return see_other(request, "renewals:order", pk)
    form = PlaceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        verbs.place(request.actor, order=row.order, **form.cleaned_data)
        messages.success(request, _("Placed. The programme confirms it."))
        return see_other(request, "renewals:order", pk)
    context = {"row": row, "order": row.order, "form": form}
    return render(request, "renewals/orders/place.html", context, status=422 if form.is_bound else 200)


@needs(Power.SEE_ORDERS)
@both
def paper(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Adds the purchase order as a file, or puts another one in its place; until the order is confirmed."""
    row = order_for(request.actor, pk, Verb.PLACE)
    require(request.actor, Power.PLACE_ORDERS, level=verbs.level_on(request.actor, row.order))
    if request.method == "GET" and State(row.order.state) not in OPEN:
        return see_other(request, "renewals:order", pk)
    form = PaperForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if form.is_valid():
        verbs.add_paper(request.actor, order=row.order, paper=form.cleaned_data["paper"])
        messages.success(request, _("The file is kept with the order."))
        return see_other(request, "renewals:order", pk)
    context = {"order": row.order, "form": form, "kept": papers_of(request.actor, row.order).first()}
    return render(request, "renewals/orders/paper.html", context, status=422 if form.is_bound else 200)


@needs(Power.SEE_ORDERS)
@require_GET
def paper_file(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The purchase order, to save: never shown in our own pages, whatever is in it."""
    papers = OrderPaper.objects.visible_to(request.actor).select_related("order")
    found = get_object_or_404(papers, order=order_of(request.actor, pk).order.pk)
    verbs.paper_read(request.actor, found)
    return file_answer(bytes(found.content), name=found.name, content_type=TYPES[PaperKind(found.kind)])


@needs(Power.CONFIRM_ORDERS)
@require_POST
def fulfil(request: KnownRequest, pk: UUID) -> HttpResponse:
    row = order_of(request.actor, pk)
    verbs.fulfil(request.actor, order=row.order)
    messages.success(request, _("Confirmed: the new expiry dates are in force."))
    return see_other(request, "renewals:order", pk)


@needs(Power.SEE_ORDERS)
@both
def cancel(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Asks why; the programme has to say so."""
    row = order_for(request.actor, pk, Verb.CANCEL)
    if request.method == "GET" and not row.may["cancel"]:
        return see_other(request, "renewals:order", pk)
    is_required = request.actor.kind is Kind.PROGRAMME
    form = ReasonForm(request.POST if request.method == "POST" else None, is_required=is_required)
    if request.method == "POST" and form.is_valid():
        verbs.cancel(request.actor, order=row.order, reason=form.cleaned_data["reason"])
        return see_other(request, "renewals:order", pk)
    context = {"row": row, "order": row.order, "form": form}
    return render(request, "renewals/orders/cancel.html", context, status=422 if form.is_bound else 200)


def names_of(order: Order) -> dict[str, str]:
    """Who accepted, placed, confirmed and cancelled it, as far as the reader may know them; one query."""
    ids = {
        "accepted": order.created_by_id,
        "placed": order.placed_by_id,
        "fulfilled": order.fulfilled_by_id,
        "cancelled": order.cancelled_by_id,
    }
    people = dict(User.objects.filter(pk__in=[each for each in ids.values() if each]).values_list("pk", "name"))
    return {what: people.get(pk, "") for what, pk in ids.items() if pk}
