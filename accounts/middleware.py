"""One transaction round the whole response, in which the database knows who acts."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.models import Membership, User
from accounts.rules import Actor, Kind, Role
from accounts.tenancy import set_actor

RESET_LINK = re.compile(r"/accounts/password/reset/key/([0-9a-z]+)-")


class ActorRequest(HttpRequest):
    """A request after `TenancyMiddleware`: it knows its actor, who may be nobody."""

    actor: Actor | None
    membership: Membership | None


def pending_user(session: Any) -> str:
    """The user of the session, or of a sign-in between the password and the second factor."""
    return session.get(SESSION_KEY) or (session.get("account_login") or {}).get("user_pk") or ""


def typed_address(request: HttpRequest) -> str:
    """What a sign-in form names before anybody is known; nothing on any other page."""
    if found := RESET_LINK.match(request.path):
        return str(UUID(hex=found[1])) if len(found[1]) == 32 else ""
    if request.method == "POST" and request.path.startswith("/accounts/"):
        return (request.POST.get("login") or request.POST.get("email") or "").strip().lower()
    return ""


def chosen_membership(request: HttpRequest) -> Membership | None:
    """The membership that the person acts for: the one chosen in this session, else the oldest."""
    mine = Membership.objects.filter(user=request.user.pk).select_related("organisation", "user").order_by("id")
    wanted = request.session.get("organisation_id")
    return next((m for m in mine if str(m.organisation_id) == wanted), None) or next(iter(mine), None)


class TenancyMiddleware:
    """After the session, before anything asks who the user is (9-foundation, "Requests")."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        with transaction.atomic():
            self.introduce(request)
            response = self.get_response(request)
            if response.streaming and not getattr(response, "file_to_stream", None):
                raise RuntimeError("A streaming response would read after its transaction has ended")
            if response.status_code >= 500:
                transaction.set_rollback(True)  # the exception has become a response, and would be committed
        return response

    def introduce(self, request: ActorRequest) -> None:
        typed = typed_address(request)
        set_actor(user_id=pending_user(request.session), sign_in=typed)
        request.actor = request.membership = None
        if not request.user.is_authenticated:
            return
        if membership := chosen_membership(request):
            request.membership = membership
            request.actor = Actor(
                membership.organisation_id,
                Kind(membership.organisation.kind),
                Role(membership.role),
                membership.user_id,
            )
        set_actor(request.actor, user_id=request.user.pk, sign_in=typed)
        if isinstance(request.user, User):
            self.localise(request, request.user)

    def localise(self, request: HttpRequest, user: User) -> None:
        """The person's own language and time zone, whatever the browser asks for."""
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        timezone.activate(user.time_zone)
