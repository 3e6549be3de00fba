"""The first page after signing in: what it is depends on the kind of organisation."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.rules import Actor, Kind
from accounts.views.gate import KnownRequest
from interface.dates import today
from renewals.services.calendar import unheard
from renewals.views import customer_home, overview

Page = Callable[[Actor], tuple[str, dict[str, Any]]]


@require_safe
def home(request: KnownRequest) -> HttpResponse:
    """The programme's managers work at their own desk, and distributors among what was handed over to them."""
    if elsewhere := ELSEWHERE.get(request.actor.kind):
        return redirect(elsewhere)
    template, context = PAGES[request.actor.kind](request.actor)
    return render(request, template, context | {"membership": request.membership, "unheard": unheard(request.actor)})


def _customer(actor: Actor) -> tuple[str, dict[str, Any]]:
    context = customer_home.context(actor, today=today())
    return ("renewals/customer_home.html" if context["standing"].total else "renewals/customer_first.html"), context


def _advisor(actor: Actor) -> tuple[str, dict[str, Any]]:
    context = overview.context(actor, today=today())
    return ("renewals/overview.html" if context["customers"].total else "renewals/overview_first.html"), context


PAGES: dict[Kind, Page] = {Kind.CUSTOMER: _customer, Kind.ADVISOR: _advisor}
ELSEWHERE = {Kind.PROGRAMME: "accounts:programme", Kind.DISTRIBUTOR: "licences:transfers"}
