"""What a person sets for themselves: the organisation acted for, language, name, time zone."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.profile import ProfileForm
from accounts.models import LANGUAGES, Suppression, User
from accounts.services.people import Profile, change_language, change_profile
from accounts.services.returns import lift
from accounts.tenancy import ActorRequest, act_for
from interface.answers import invalid, see_other


def wanted_page(request: ActorRequest, *, default: str = "/") -> str:
    """The page that the form was on, if it is one of ours."""
    page = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if own and page.startswith("/") else default


@require_POST
def switch(request: ActorRequest) -> HttpResponse:
    wanted = request.POST.get("organisation", "")
    if not any(str(m.organisation_id) == wanted for m in request.memberships):
        raise Http404
    act_for(request, UUID(wanted))
    return HttpResponseRedirect(wanted_page(request))


@login_not_required
@require_POST
def set_language(request: ActorRequest) -> HttpResponse:
    """Kept with the person; for a visitor in a cookie."""
    language = request.POST.get("language", "")
    answer = HttpResponseRedirect(wanted_page(request))
    if language not in LANGUAGES:
        return answer
    if isinstance(request.user, User):
        change_language(request.user, language)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.SECURE
    )
    return answer


@require_http_methods(["GET", "POST"])
def profile(request: ActorRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        raise Http404
    person = request.user
    form = ProfileForm(request.POST or None, initial={name: getattr(person, name) for name in ProfileForm.base_fields})
    if request.method == "POST":
        if not form.is_valid():
            return invalid(request, "accounts/settings.html", {"form": form, "suppression": suppression_of(person)})
        change_profile(person, Profile(**form.cleaned_data))
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Your settings are saved."))
        return see_other(request, "accounts:settings")
    return render(request, "accounts/settings.html", {"form": form, "suppression": suppression_of(person)})


def suppression_of(person: User) -> Suppression | None:
    """Why the person gets no reminders."""
    return Suppression.objects.filter(address=person.email.lower()).first()


@require_POST
def release(request: ActorRequest, pk: UUID) -> HttpResponse:
    """An address that returned mail is written to again."""
    suppression = get_object_or_404(Suppression.objects.visible_to(request.actor), pk=pk)
    if request.actor and lift(request.actor, suppression):
        messages.success(request, _("Mail goes to %(address)s again.") % {"address": suppression.address})
    return see_other(request, wanted_page(request, default=reverse("accounts:settings")))
