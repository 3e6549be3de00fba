"""View licence assignments: the grid, its filters and what can be begun from it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.permissions import allows
from accounts.rules import Power
from licences.forms.access import NONE, as_number
from licences.models import LEVELS, PROGRAMMES, Assignment, SupportAccess, Visibility
from licences.rules import Scope
from licences.rules.ends import EndPolicy
from licences.services.grants import today_of
from licences.services.policies import policy_on
from licences.views.gate import KnownRequest, needs
from licences.views.grid import COLUMNS, Column, columns, filled, grid_page, licences, unassigned
from licences.views.waiting import waiting

EXPIRES = {
    "lapsed": _("Lapsed"),
    "30": _("Within 30 days"),
    "90": _("31 to 90 days"),
    "later": _("Later"),
    "none": _("No date"),
}
NAMED = 3


@needs(Power.SEE_LICENCES)
@require_GET
def assignments(request: KnownRequest) -> HttpResponse:
    """The grid: a page of licences, a few firms at a time."""
    today, firms = today_of(request.actor), columns(request.actor)
    number = min(max(1, as_number(request.GET.get("firms"))), max(1, -(-len(firms) // COLUMNS)))
    shown = firms[(number - 1) * COLUMNS : number * COLUMNS]
    found = grid_page(licences(request.actor, request.GET, today=today), request.GET)
    context = {
        "page": found,
        "rows": filled(request.actor, found, shown),
        "columns": shown,
        "firms": firms_pager(firms, number),
        "drafts": Assignment.objects.visible_to(request.actor).drafts().select_related("advisor").order_by("id"),
        "requests": waiting(request.actor),
        "paused": Assignment.objects.visible_to(request.actor).paused().select_related("advisor").order_by("id"),
        "support": SupportAccess.objects.visible_to(request.actor).open().first(),
        **alone(request),
        **bulk_of(request, firms),
        "programmes": PROGRAMMES.items(),
        "expires": EXPIRES.items(),
        "filtered": any(request.GET.get(name) for name in ("q", "programme", "expires", "without")),
        **days_of(policy_on(today), today),
    }
    return render(request, "licences/assignments.html", context)


def days_of(policy: EndPolicy, today: date) -> dict[str, date]:
    """The end that the bar below proposes, and between which days it may be."""
    return {"day": policy.usual(today), "first_day": today, "last_day": policy.latest(today)}


def firms_pager(firms: list[Column], number: int) -> dict[str, Any]:
    """Which firms are shown, where there are more than fit."""
    total = len(firms)
    first = (number - 1) * COLUMNS
    return {
        "many": total > COLUMNS,
        "total": total,
        "first": first + 1,
        "last": min(first + COLUMNS, total),
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if first + COLUMNS < total else None,
    }


def alone(request: KnownRequest) -> dict[str, Any]:
    """The licences that no advisor looks after: how many, and the first by name."""
    rows = unassigned(request.actor, Visibility.objects.visible_to(request.actor))
    first = rows.select_related("coverage__licence__product").order_by("expires_on", "coverage")[:NAMED]
    names = dict.fromkeys(str(row.coverage.licence.product) for row in first)
    count = rows.count()
    return {"alone": count, "alone_names": ", ".join(names), "alone_more": count > len(first)}


def bulk_of(request: KnownRequest, firms: list[Column]) -> dict[str, Any]:
    """Whether the actor may change cells, and what the bar below offers."""
    may_give = allows(request.actor, Power.GRANT_SELECTED)
    any_terms = allows(request.actor, Power.GRANT_ANY)
    levels = [(value, label) for value, label in LEVELS.items() if any_terms or value < max(LEVELS)]
    return {
        "may_give": may_give,
        "bulk_firms": [column.firm for column in firms] if may_give else [],
        "bulk_levels": [*levels, (NONE, _("No access"))],
        "has_all": any(row.scope == Scope.ALL for column in firms for row in column.rows),
    }
