"""Who may open a page: a member whose role has the power."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django_htmx.middleware import HtmxDetails

from accounts.permissions import require
from accounts.rules import Actor, Power
from accounts.tenancy import ActorRequest

View = Callable[..., HttpResponse]


class MemberRequest(ActorRequest):
    """A request of somebody who acts for an organisation."""

    actor: Actor
    htmx: HtmxDetails


def power(needed: Power) -> Callable[[View], View]:
    """Raises Forbidden, which answers 403, for those whose role lacks the power."""

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request.actor, needed)
            return view(request, *args, **kwargs)

        return guarded

    return gate
