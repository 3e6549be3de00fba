"""The list of quotes, by state; for a firm of one customer or of all."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.rules import Kind, Power
from interface.dates import today
from interface.paging import page
from renewals.rules.quotes import State
from renewals.views.quotes.gate import KnownRequest, needs
from renewals.views.quotes.shown import seen, shown

TABS = {
    "open": _("Open"),
    "accepted": pgettext_lazy("quotes", "Accepted"),
    "renewed": pgettext_lazy("quotes", "Renewed"),
    "ended": pgettext_lazy("quotes", "Not taken"),
    "all": pgettext_lazy("quotes", "All"),
}
ENDED = (State.DECLINED.value, State.WITHDRAWN.value, State.EXPIRED.value, State.CANCELLED.value)


def in_tab(tab: str) -> Q:
    """What a tab shows; a quote whose time has passed is not open, written down or not."""
    waits = Q(state=State.SUBMITTED.value)
    return {
        "open": Q(state=State.DRAFT.value) | waits & Q(valid_until__gte=today()),
        "accepted": Q(state=State.ACCEPTED.value),
        "renewed": Q(state=State.FULFILLED.value),
        "ended": Q(state__in=ENDED) | waits & Q(valid_until__lt=today()),
    }.get(tab, Q())


@needs(Power.SEE_QUOTES)
@require_safe
def quotes(request: KnownRequest) -> HttpResponse:
    """Newest first."""
    tab = request.GET.get("state", "open")
    tab, slug = (tab if tab in TABS else "open"), request.GET.get("customer", "")
    rows = seen(request.actor).filter(in_tab(tab))
    if slug and request.actor.kind is Kind.ADVISOR:
        rows = rows.filter(customer__slug=slug)
    found = page(rows, request.GET, keys=("-id",))
    context: dict[str, Any] = {
        "page": found,
        "rows": [shown(request.actor, each) for each in found],
        "tabs": [{"key": key, "label": label, "is_on": key == tab} for key, label in TABS.items()],
        "tab": tab,
        "slug": slug,
        "customer": found.rows[0].customer if slug and found.rows else None,
        "is_firm": request.actor.kind is Kind.ADVISOR,
    }
    return render(request, "renewals/quotes/list.html", context)
