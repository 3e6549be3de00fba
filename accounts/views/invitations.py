"""Accepting an invitation: shown on GET, accepted by POST alone, because scanners follow links."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms.team import JoinForm
from accounts.models import ROLE_LABELS, Invitation, Membership, User
from accounts.services.invitations import InvitationGone, WrongPerson, holding, is_known, join, join_as_new
from accounts.tenancy import ActorRequest
from interface.answers import invalid, see_other

TEMPLATE = "accounts/invitation.html"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: ActorRequest, token: str) -> HttpResponse:
    try:
        if isinstance(request.user, User):
            return welcome_back(request, request.user, token)
        return welcome(request, token)
    except InvitationGone:
        return render(request, "accounts/invitation_gone.html", status=404)


def welcome_back(request: ActorRequest, user: User, token: str) -> HttpResponse:
    """Somebody signed in: the one invited takes the place with one button, another is told so."""
    with holding(token, user_id=user.pk) as found:
        context = shown(found) | {"is_mine": user.email.lower() == found.email.lower()}
    if request.method == "GET" or not context["is_mine"]:
        status = 200 if context["is_mine"] else 403
        return render(request, "accounts/invitation_signed_in.html", context, status=status)
    return arrived(request, join(token, user))


def welcome(request: ActorRequest, token: str) -> HttpResponse:
    """A visitor: whoever signs in already does that first; the others set a name and a password."""
    with holding(token) as found:
        context = shown(found) | {"is_known": is_known(found)}
    speak(request, found.language)
    form = JoinForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "GET" or context["is_known"]:
        return render(request, TEMPLATE, context | {"form": form})
    if not form.is_valid():
        return invalid(request, TEMPLATE, context | {"form": form})
    try:
        membership = join_as_new(token, **form.cleaned_data)
    except WrongPerson:
        return see_other(request, request.path)
    perform_login(request, membership.user, email_verification="none")
    return arrived(request, membership)


def shown(found: Invitation) -> dict[str, object]:
    return {"invitation": found, "organisation": found.organisation, "role": ROLE_LABELS[found.role]}


def speak(request: ActorRequest, language: str) -> None:
    """The invitation's language, unless the visitor has chosen one."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = language


def arrived(request: ActorRequest, membership: Membership) -> HttpResponse:
    request.session["organisation_id"] = str(membership.organisation_id)
    messages.success(request, _("Welcome to %(name)s.") % {"name": membership.organisation})
    return HttpResponseRedirect("/")
