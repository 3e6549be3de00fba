"""The portfolio: every coverage that customers share with the advisor."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from accounts.rules import Power
from accounts.views.gate import KnownRequest, needs
from interface.answers import invalid
from interface.dates import today
from interface.paging import page
from licences.models import Visibility
from renewals.exports.portfolio import COLUMNS as FILE_COLUMNS
from renewals.exports.portfolio import portfolio_csv
from renewals.forms.desk import ViewForm, ticked
from renewals.models import SavedView
from renewals.querysets.portfolio import wanted
from renewals.rules.filters import Filters
from renewals.services import exports, saved_views
from renewals.views.given_up import marks
from renewals.views.narrowing import address, chips, countries, periods, tabs, totals
from renewals.views.rows import COLUMNS, Row, heads, rows, summary

ORDERS = {
    "expires": ("expires_on", "coverage_id"),
    "-expires": ("-expires_on", "-coverage_id"),
    "customer": ("customer__name", "expires_on", "coverage_id"),
    "-customer": ("-customer__name", "expires_on", "coverage_id"),
    "quantity": ("quantity", "expires_on", "coverage_id"),
    "-quantity": ("-quantity", "expires_on", "coverage_id"),
}


@require_safe
@needs(Power.SEE_PORTFOLIO)
def portfolio(request: KnownRequest) -> HttpResponse:
    filters = Filters.read(request.GET.urlencode())
    if not request.htmx:
        return _varied(render(request, "renewals/portfolio.html", _context(request, filters)))
    answer = render(request, "renewals/_portfolio_live.html", _context(request, filters))
    here = address(filters)
    return _varied(push_url(answer, here if request.htmx.current_url_abs_path != here else False))


@require_POST
@needs(Power.SEE_PORTFOLIO)
def export(request: KnownRequest) -> HttpResponse:
    """The rows of the address's filters, or those that were ticked among them."""
    filters, chosen = Filters.read(request.GET.urlencode()), ticked(request.POST.getlist("coverage"))
    taken = exports.export_portfolio(request.actor, filters=filters, today=today(), coverages=chosen)
    return portfolio_csv(taken.values(*FILE_COLUMNS), today=today())


@require_POST
@needs(Power.SEE_PORTFOLIO)
def save_view(request: KnownRequest) -> HttpResponse:
    form = ViewForm(request.POST)
    if not form.is_valid():
        return invalid(request, "renewals/view_form.html", {"form": form})
    try:
        view = saved_views.save_view(request.actor, **form.cleaned_data)
    except saved_views.TooMany:
        form.add_error(None, gettext("Your firm already keeps 20 views. Delete one first."))
        return invalid(request, "renewals/view_form.html", {"form": form})
    messages.success(request, gettext("View “%(name)s” saved.") % {"name": view.name})
    return redirect(address(Filters.read(view.query)))


@require_POST
@needs(Power.SEE_PORTFOLIO)
def delete_view(request: KnownRequest, pk: UUID) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.visible_to(request.actor), pk=pk)
    saved_views.delete_view(request.actor, view=view)
    messages.success(request, gettext("View deleted. Its coverages are untouched."))
    return redirect("renewals:portfolio")


def _context(request: KnownRequest, filters: Filters) -> dict[str, Any]:
    actor, now = request.actor, today()
    found = Visibility.objects.visible_to(actor).filter(wanted(filters, actor=actor, today=now))
    values = page(found.values(*COLUMNS), request.GET, keys=ORDERS[filters.sort])
    marked = marks(actor, [each["coverage_id"] for each in values.rows])
    shown, counted = rows(values.rows, today=now, marked=marked), totals(actor, filters, today=now)
    return {
        "filters": filters,
        "page": values,
        "rows": shown,
        "totals": counted,
        "tabs": tabs(actor, filters, today=now),
        "chips": list(chips(filters, customer=_customer(shown, filters))),
        "countries": countries(actor, filters),
        "periods": periods(filters),
        "heads": heads(filters),
        "summary": summary(values, counted),
        "most_rows": exports.MOST_ROWS,
    }


def _customer(shown: list[Row], filters: Filters) -> str:
    return shown[0].customer if shown else filters.customer


def _varied(answer: HttpResponse) -> HttpResponse:
    """The whole page and its live part share an address: no cache may take one for the other."""
    patch_vary_headers(answer, ["HX-Request"])
    return answer
