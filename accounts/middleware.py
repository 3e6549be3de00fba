"""One transaction round the whole response, in which the database knows who acts."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import SWEEP, JobRun, Membership, Sending, User
from accounts.permissions import Forbidden
from accounts.rules import Actor, Kind, Role
from accounts.tenancy import ActorRequest, act_for, set_actor

__all__ = ["ActorRequest", "TenancyMiddleware"]

RESET_LINK = re.compile(r"/accounts/password/reset/key/([0-9a-z]+)-")
PERSONAL = ("/accounts/", "/settings/", "/language/")


def awaits_code(login: dict[str, Any]) -> bool:
    """Whether a sign-in has proved nothing yet: a code was mailed to an address that anybody may have typed."""
    stages = (login.get("state") or {}).get("stages") or {}
    return bool(stages.get("current") == "login_by_code")


def pending_user(session: Any) -> str:
    """The user of the session, or of a sign-in between the password and the second factor."""
    login = session.get("account_login") or {}
    return session.get(SESSION_KEY) or ("" if awaits_code(login) else login.get("user_pk")) or ""


def typed_address(request: HttpRequest) -> str:
    """What a sign-in form names before anybody is known, be it an address or an id; nothing on any other page."""
    if not request.path.startswith("/accounts/"):
        return ""
    if found := RESET_LINK.match(request.path):
        return str(UUID(hex=found[1])) if len(found[1]) == 32 else ""
    if request.method == "POST" and (typed := request.POST.get("login") or request.POST.get("email")):
        return typed.strip().lower()
    if request.path == reverse("account_email_verification_sent"):
        return (request.session.get("account_email_verification_code") or {}).get("email") or ""
    login = request.session.get("account_login") or {}
    return str(UUID(login["user_pk"])) if login.get("user_pk") and awaits_code(login) else ""


def chosen_membership(mine: Sequence[Membership], *, wanted: str | None) -> Membership | None:
    """The membership that the person acts for: the one chosen in this session, else the oldest."""
    return next((m for m in mine if str(m.organisation_id) == wanted), None) or next(iter(mine), None)


def outside_fragments(request: ActorRequest, response: HttpResponse) -> HttpResponse:
    """Whose session has ended in the meantime gets the whole door, not a door within a table."""
    to_the_door = response.status_code == 302 and response.headers["Location"].startswith(reverse("account_login"))
    if not to_the_door or "HX-Request" not in request.headers:
        return response
    page = urlsplit(request.headers.get("HX-Current-URL", "/"))
    query = urlencode({"next": f"{page.path}?{page.query}" if page.query else page.path})
    return HttpResponse(status=204, headers={"HX-Redirect": f"{reverse('account_login')}?{query}"})


class TenancyMiddleware:
    """After the session, before anything asks who the user is (9-foundation, "Requests")."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        with transaction.atomic():
            self.introduce(request)
            response = self.get_response(request)
            if response.streaming and not getattr(response, "file_to_stream", None):
                raise RuntimeError("A streaming response would read after its transaction has ended")
            response = outside_fragments(request, response)
            if response.status_code >= 500:
                transaction.set_rollback(True)  # the exception has become a response, and would be committed
        return response

    def process_view(self, request: ActorRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A person who belongs to no organisation sees why, and keeps the pages of the own sign-in.

        What was written on a page of an organisation that one has left is not taken for the next one.
        """
        if request.has_moved and request.method == "POST":
            return render(request, "403_csrf.html", status=403)
        is_open = not getattr(view, "login_required", True) or request.path.startswith(PERSONAL)
        if request.actor or is_open or not request.user.is_authenticated:
            return None
        return render(request, "accounts/nowhere.html", status=403)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A power that is lacking is an answer, not a failure; what was begun is undone."""
        if not isinstance(problem, Forbidden):
            return None
        transaction.set_rollback(True)
        return render(request, "403.html", status=403)

    def introduce(self, request: ActorRequest) -> None:
        typed = typed_address(request)
        set_actor(user_id=pending_user(request.session), sign_in=typed)
        request.actor = request.membership = None
        request.memberships = ()
        request.has_moved = False
        timezone.deactivate()
        if not isinstance(request.user, User):
            return
        self.choose(request)
        set_actor(request.actor, user_id=request.user.pk, sign_in=typed)
        self.localise(request, request.user)

    def choose(self, request: ActorRequest) -> None:
        mine = Membership.objects.filter(user=request.user.pk).order_by("id")
        mine = mine.select_related("organisation__firm", "user")
        paused = Sending.objects.filter(paused_at__isnull=False)
        mine = mine.annotate(mail_is_late=Exists(JobRun.objects.overdue(SWEEP)), mail_is_paused=Exists(paused))
        request.memberships = tuple(mine)
        wanted = request.session.get("organisation_id")
        request.membership = chosen_membership(request.memberships, wanted=wanted)
        if membership := request.membership:
            if wanted and wanted != str(membership.organisation_id):
                request.has_moved = True  # no longer on that team
                act_for(request, membership.organisation_id)
            request.actor = Actor(
                membership.organisation_id,
                Kind(membership.organisation.kind),
                Role(membership.role),
                membership.user_id,
            )

    def localise(self, request: HttpRequest, user: User) -> None:
        """The person's own language and time zone, whatever the browser asks for."""
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        timezone.activate(user.time_zone)
