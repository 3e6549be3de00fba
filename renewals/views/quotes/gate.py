"""What somebody is told who comes too late, or may not, when a quote or an order is acted upon."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rules import Power
from accounts.views import gate
from accounts.views.gate import KnownRequest, View
from interface.answers import conflict
from licences.rules.changes import Stale
from licences.views.gate import LATE
from renewals.models import ORDER_STATES, QUOTE_STATES
from renewals.rules import orders, quotes
from renewals.services.acceptance import Hindered, OutOfDate, Taken
from renewals.services.quotes import OutOfReach, Unquotable
from renewals.views.quotes.deciding import HINDERED

__all__ = ["KnownRequest", "needs"]

P = ParamSpec("P")
GONE = _("You no longer see all of these licences at level Quote: access has changed. Nothing was saved.")
UNQUOTABLE = _("This cannot be priced today. Open it in the builder, which says what is in the way.")
OUT_OF_DATE = _("Coverages changed since this was priced. Recalculate the quote; this one can no longer be accepted.")


def needs(power: Power) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """As in accounts; a refusal by the rules answers 409 with what has become of the quote or order."""

    def guard(view: View[P]) -> Callable[..., HttpResponse]:
        @gate.needs(power)
        @wraps(view)
        def guarded(request: KnownRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except REFUSED as refused:
                pk = kwargs.get("pk")
                return conflict(request, said(refused), back_url=back(refused, pk if isinstance(pk, UUID) else None))

        return guarded

    return guard


REFUSED = (Stale, OutOfReach, Unquotable, OutOfDate, Hindered, Taken, quotes.Closed, orders.Closed)


def said(refused: Exception) -> str:
    """Why not, in a sentence or two."""
    if isinstance(refused, Taken):
        return taken(refused)
    if isinstance(refused, Hindered):
        return gettext("%(why)s The page of the quote names who may.") % {"why": HINDERED[refused.why]}
    if isinstance(refused, quotes.Closed):
        return gettext("That can no longer be done with this quote. It stands at: %(state)s.") % {
            "state": QUOTE_STATES[refused.state.value]
        }
    if isinstance(refused, orders.Closed):
        return gettext("That can no longer be done with this order. It stands at: %(state)s.") % {
            "state": ORDER_STATES[refused.state.value]
        }
    return str({OutOfReach: GONE, Unquotable: UNQUOTABLE, OutOfDate: OUT_OF_DATE}.get(type(refused), LATE))


def taken(refused: Taken) -> str:
    """Which order was first."""
    if refused.order is None:
        return gettext("A coverage of this quote is already on order.")
    return gettext("A coverage of this quote is already on order: see %(number)s.") % {"number": refused.order.number}


def back(refused: Exception, pk: UUID | None) -> str:
    """Where to look: the order that was first, the quote or order itself, or the list where it is gone."""
    if isinstance(refused, Taken) and refused.order:
        return reverse("renewals:order", args=[refused.order.pk])
    if isinstance(refused, orders.Closed):
        return reverse("renewals:order", args=[pk]) if pk else reverse("renewals:orders")
    if pk is None or isinstance(refused, OutOfReach | Stale):
        return reverse("renewals:quotes")
    return reverse("renewals:quote", args=[pk])
