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
    context = {"asked": asked, "row": asked.assignment, "is_open": waits(request, asked), **offered(request, asked)}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    try:
        said = answered(request, asked)
    except Refused as refused:
        return invalid(request, TEMPLATE, context | {"refused": REFUSALS[refused.refusal]})
    messages.success(request, said)
    return see_other(request, "licences:assignment", asked.assignment_id)


def answered(request: KnownRequest, asked: AccessRequest) -> str:
    """Grants or declines, and says which."""
    if request.POST.get("answer") == "grant":
        requests.grant(request.actor, request=asked, version=as_number(request.POST.get("version")))
        return _("The access is changed. Both sides are told by e-mail.")
    requests.decline(request.actor, request=asked)
    return _("The request is declined; the access stays as it is. Both sides are told by e-mail.")


def waits(request: KnownRequest, asked: AccessRequest) -> bool:
    """Whether it can still be answered."""
    return AccessRequest.objects.visible_to(request.actor).waiting().filter(pk=asked.pk).exists()


def offered(request: KnownRequest, asked: AccessRequest) -> dict[str, bool]:
    """Whether the actor may give what is asked for."""
    now = terms_of(asked.assignment)
    wanted = Terms(now.scope, AccessLevel(asked.level), asked.ends_on)
    return {"may_grant": allows(request.actor, power_for([(now, wanted)]))}
