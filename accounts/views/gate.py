"""Who may open a page at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership
from accounts.permissions import require
from accounts.rules import Actor, Power
from accounts.tenancy import ActorRequest

P = ParamSpec("P")


class KnownRequest(ActorRequest):
    """A request behind `needs`: somebody acts for an organisation."""

    actor: Actor
    membership: Membership
    htmx: HtmxDetails


View = Callable[Concatenate[KnownRequest, P], HttpResponse]


def needs(power: Power) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """For people whose role has `power`; others raise Forbidden, which answers 403."""

    def guard(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(request.actor, power)
            return view(request, *args, **kwargs)

        return guarded

    return guard
