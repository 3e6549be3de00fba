"""Who may open a page of access, and what the one who comes too late is told."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.rules import Kind, Power
from accounts.views import gate
from accounts.views.gate import KnownRequest, View
from interface.answers import conflict
from licences.rules.changes import Ended, Stale

__all__ = ["LATE", "OVER", "KnownRequest", "needs"]

P = ParamSpec("P")
OVER = _("This access has ended in the meantime. Nothing was saved or sent.")
LATE = _("Somebody else was faster. Nothing of yours was saved; look at how it is now, then decide again.")


def needs(power: Power) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """As in accounts; and a view that was too late, and does not say so itself, answers 409."""

    def guard(view: View[P]) -> Callable[..., HttpResponse]:
        @gate.needs(power)
        @wraps(view)
        def guarded(request: KnownRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Ended:
                return conflict(request, OVER, back_url="/")
            except Stale:
                own = request.actor.kind is Kind.CUSTOMER
                return conflict(request, LATE, back_url=reverse("licences:assignments") if own else "/")

        return guarded

    return guard
