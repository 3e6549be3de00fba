"""Who may open a page of access, and what the one who comes too late is told."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.rules import Power
from accounts.views import gate
from accounts.views.gate import KnownRequest, View
from interface.answers import conflict
from licences.rules.changes import Stale

__all__ = ["LATE", "KnownRequest", "needs"]

P = ParamSpec("P")
LATE = _("Somebody else was faster. Nothing of yours was saved; look at how it is now, then decide again.")


def needs(power: Power) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """As in accounts; and a view that was too late, and does not say so itself, answers 409."""

    def guard(view: View[P]) -> Callable[..., HttpResponse]:
        @gate.needs(power)
        @wraps(view)
        def guarded(request: KnownRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Stale:
                return conflict(request, LATE, back_url=reverse("licences:assignments"))

        return guarded

    return guard
