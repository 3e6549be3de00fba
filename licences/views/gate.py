"""Who may open a page of access at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.middleware import ActorRequest
from accounts.models import Membership
from accounts.permissions import require
from accounts.rules import Actor, Power
from interface.answers import conflict
from licences.rules.changes import Stale

P = ParamSpec("P")
LATE = _("Somebody else was faster. Nothing of yours was saved; look at how it is now, then decide again.")


class KnownRequest(ActorRequest):
    """A request behind `needs`: there is an actor, and it has the power."""

    actor: Actor
    membership: Membership


View = Callable[Concatenate[KnownRequest, P], HttpResponse]


def needs(power: Power) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """For people who are signed in and have `power`; others sign in first, or are told that they may not.

    A view that was too late, and does not say so itself, answers 409.
    """

    def guard(view: View[P]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(request.actor, power)
            try:
                return view(request, *args, **kwargs)
            except Stale:
                return conflict(request, LATE, back_url=reverse("licences:assignments"))

        return guarded

    return guard
