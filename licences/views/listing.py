"""A customer's own licences: one row a coverage, soonest first, with its filters in the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.permissions import allows
from accounts.rules import Actor, Power
from interface import dates
from interface.paging import page
from licences.forms.licences import STATES, ListForm
from licences.models import PROGRAMMES, Visibility
from licences.rules import NO_DATE
from licences.views.gate import KnownRequest, needs
from licences.views.remarks import remarks

SOON = timedelta(90)
COLUMNS = (
    "coverage_id",
    "expires_on",
    "quantity",
    "programme",
    "coverage__licence",
    "coverage__licence__serial",
    "coverage__licence__product__name",
)


@dataclass(frozen=True, slots=True)
class Row:
    licence: Any
    product: str
    serial: str
    programme: str | Promise
    quantity: int
    expires_on: date | None
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Tab:
    """A state with its count; the first is all of them."""

    state: str
    label: str | Promise
    count: int


@require_GET
@needs(Power.SEE_LICENCES)
def licences(request: KnownRequest) -> HttpResponse:
    form, today = ListForm(request.GET), dates.today()
    asked = form.asked()
    found = narrowed(request.actor, asked, today=today).values(*COLUMNS)
    shown = page(found, request.GET, keys=("expires_on", "coverage_id"))
    context = {
        "form": form,
        "asked": asked,
        "page": shown,
        "rows": rows(shown, remarks(request.actor, [each["coverage_id"] for each in shown])),
        "tabs": tabs(request.actor, today=today),
        "programmes": PROGRAMMES,
        "may_edit": allows(request.actor, Power.EDIT_LICENCES),
    }
    return render(request, "licences/list.html", context)


def narrowed(actor: Actor, asked: Mapping[str, str], *, today: date) -> Any:
    found = Visibility.objects.visible_to(actor)
    if text := asked.get("q"):
        product = Q(coverage__licence__product__name__icontains=text)
        found = found.filter(product | Q(coverage__licence__serial__icontains=text))
    if programme := asked.get("programme"):
        found = found.filter(programme=programme)
    return found.filter(within(asked.get("state", ""), today=today))


def within(state: str, *, today: date) -> Q:
    """Coverages in one of STATES, judged by their expiry date; any other word is all of them."""
    last = today + SOON
    return {
        "soon": Q(expires_on__range=(today, last)),
        "later": Q(expires_on__gt=last, expires_on__lt=NO_DATE),
        "lapsed": Q(expires_on__lt=today),
        "undated": Q(expires_on=NO_DATE),
    }.get(state, Q())


def tabs(actor: Actor, *, today: date) -> list[Tab]:
    """Every state with its count, in one query."""
    counted = {state: Count("coverage", filter=within(state, today=today)) for state in STATES}
    counts = Visibility.objects.visible_to(actor).aggregate(all=Count("coverage"), **counted)
    return [Tab("", _("All"), counts["all"]), *(Tab(state, label, counts[state]) for state, label in STATES.items())]


def rows(values: Iterable[Mapping[str, Any]], said: Mapping[UUID, list[str]]) -> list[Row]:
    return [
        Row(
            licence=each["coverage__licence"],
            product=each["coverage__licence__product__name"],
            serial=each["coverage__licence__serial"],
            programme=PROGRAMMES[each["programme"]],
            quantity=each["quantity"],
            expires_on=None if each["expires_on"] == NO_DATE else each["expires_on"],
            remarks=said.get(each["coverage_id"], []),
        )
        for each in values
    ]
