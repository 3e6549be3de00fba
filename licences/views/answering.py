"""The customer answers a firm that asks for more: from the mail's link, or from the assignments."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import allows
from accounts.rules import AccessLevel, Power
from interface.answers import invalid, see_other
from licences.forms.access import REFUSALS, as_number
from licences.forms.requests import AnswerForm, GrantForm
from licences.models import AccessRequest
from licences.rules.access import Refused, Terms, power_for
from licences.services import requests
from licences.services.grants import terms_of
from licences.views.gate import KnownRequest, needs

TEMPLATE = "licences/request.html"


@needs(Power.NARROW_ACCESS)
@require_http_methods(["GET", "POST"])
def answer(request: KnownRequest, pk: UUID) -> HttpResponse:
    """What is asked for beside what there is; granted in one press, or declined."""
    rows = AccessRequest.objects.visible_to(request.actor).select_related("advisor", "assignment__contact")
    asked = get_object_or_404(rows, pk=pk)
    form, refusal = grant_form(request, asked), refusal_form(request)
    context = {"asked": asked, "row": asked.assignment, "is_open": waits(request, asked), "form": form}
    context |= {"may_grant": may_grant(request, asked), "refusal": refusal}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    answers = form if request.POST.get("answer") == "grant" else refusal
    if not answers.is_valid():
        return invalid(request, TEMPLATE, context)
    try:
        said = answered(request, asked, answers)
    except Refused as refused:
        return invalid(request, TEMPLATE, context | {"refused": REFUSALS[refused.refusal]})
    messages.success(request, said)
    return see_other(request, "licences:assignment", asked.assignment_id)


def answered(request: KnownRequest, asked: AccessRequest, form: GrantForm | AnswerForm) -> str:
    """Grants or declines, and says which."""
    if request.POST.get("answer") == "grant":
        version = as_number(request.POST.get("version"))
        requests.grant(request.actor, request=asked, version=version, **form.cleaned_data)
        return _("The access is changed. Both sides are told by e-mail.")
    requests.decline(request.actor, request=asked, reply=form.cleaned_data["reply"])
    return _("The request is declined; the access stays as it is. Both sides are told by e-mail.")


def refusal_form(request: KnownRequest) -> AnswerForm:
    """The word of whoever declines."""
    return AnswerForm(request.POST if request.method == "POST" else None)


def waits(request: KnownRequest, asked: AccessRequest) -> bool:
    """Whether it can still be answered."""
    return AccessRequest.objects.visible_to(request.actor).waiting().filter(pk=asked.pk).exists()


def grant_form(request: KnownRequest, asked: AccessRequest) -> GrantForm:
    """Preset to what was asked for, or the most of it that the actor may give; without a choice all of it is meant."""
    now = terms_of(asked.assignment)
    wanted = Terms(now.scope, AccessLevel(asked.level), asked.ends_on)
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None and "level" not in posted and "ends_on" not in posted:
        posted["level"], posted["ends_on"] = str(int(asked.level)), asked.ends_on.isoformat()
    return GrantForm(posted, now=now, wanted=wanted, any_terms=allows(request.actor, Power.GRANT_ANY))


def may_grant(request: KnownRequest, asked: AccessRequest) -> bool:
    """Whether the actor may give anything of what is asked for; of all licences only an owner gives more."""
    now = terms_of(asked.assignment)
    least = Terms(now.scope, now.level, asked.ends_on)
    if asked.ends_on == now.ends_on:
        least = Terms(now.scope, AccessLevel(min(now.level + 1, AccessLevel.RENEW)), now.ends_on)
    return allows(request.actor, power_for([(now, least)]))
