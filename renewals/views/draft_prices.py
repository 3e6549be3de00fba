"""The prices of a draft, one at a time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Actor
from accounts.views.gate import KnownRequest
from interface.answers import conflict, invalid, see_other
from licences.models import Product
from renewals.forms.prices import OBSTACLES, PriceForm
from renewals.models import Price, PriceSchedule
from renewals.rules.schedules import Obstacle, ScheduleRefused
from renewals.services.prices import remove_price, set_price
from renewals.views import price_list
from renewals.views.schedules import found, keeps

TEMPLATE = "renewals/pricing/price.html"


@require_http_methods(["GET", "POST"])
@keeps
def add(request: KnownRequest, pk: UUID) -> HttpResponse:
    form = PriceForm(request.POST or None, products=products())
    return answered(request, found(request, pk), form)


@require_http_methods(["GET", "POST"])
@keeps
def edit(request: KnownRequest, pk: UUID, price: UUID) -> HttpResponse:
    row = get_object_or_404(Price.objects.visible_to(request.actor), schedule=pk, pk=price)
    form = PriceForm(request.POST or None, products=products(), initial=PriceForm.initial_of(row))
    return answered(request, found(request, pk), form, row=row)


def products() -> list[tuple[UUID, str]]:
    return list(Product.objects.filter(customer=None).order_by("name").values_list("pk", "name"))


def answered(
    request: KnownRequest, schedule: PriceSchedule, form: PriceForm, *, row: Price | None = None
) -> HttpResponse:
    """The form, or the price written; one that overlaps another is refused by name."""
    context = {"form": form, "schedule": schedule, "price": row}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    if form.is_valid():
        try:
            set_price(request.actor, schedule, form.listed(), pk=row.pk if row else None)
        except ScheduleRefused as refusal:
            if refusal.obstacle is not Obstacle.OVERLAP:
                return conflict(request, OBSTACLES[refusal.obstacle])
            form.add_error("qty_min", overlap(request.actor, schedule, form, row))
        else:
            messages.success(request, _("Saved."))
            return see_other(request, "renewals:schedule", schedule.pk)
    return invalid(request, TEMPLATE, context)


def overlap(actor: Actor, schedule: PriceSchedule, form: PriceForm, row: Price | None) -> str:
    """Which other price fits some of the same quantities."""
    asked = form.listed()
    same: Any = {"product": asked.product, "currency": asked.currency, "months": asked.months}
    others = Price.objects.visible_to(actor).filter(schedule=schedule, **same).order_by("qty_min")
    met = [
        other
        for other in others
        if (row is None or other.pk != row.pk)
        and (asked.qty_max is None or other.qty_min <= asked.qty_max)
        and (other.qty_max is None or asked.qty_min <= other.qty_max)
    ]
    words = _("%(new)s overlaps %(old)s, which has a price for this product, term and currency already.")
    bands = ", ".join(f"“{price_list.band(other.qty_min, other.qty_max)}”" for other in met)
    return words % {"new": f"“{price_list.band(asked.qty_min, asked.qty_max)}”", "old": bands}


@require_POST
@keeps
def remove(request: KnownRequest, pk: UUID, price: UUID) -> HttpResponse:
    get_object_or_404(Price.objects.visible_to(request.actor), schedule=pk, pk=price)
    try:
        remove_price(request.actor, found(request, pk), pk=price)
    except ScheduleRefused as refusal:
        return conflict(request, OBSTACLES[refusal.obstacle])
    messages.success(request, _("The price is removed from the draft."))
    return see_other(request, "renewals:schedule", pk)
