"""The programme's desk: how long access lasts, now, from later days on, and before."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Power
from interface import dates
from interface.answers import invalid, see_other
from licences.forms.policies import PolicyForm
from licences.models import AccessPolicy
from licences.services.policies import PolicyRefused, policy_on, set_policy, withdraw_policy
from licences.views.gate import KnownRequest, needs

TEMPLATE, PAGE = "licences/desk/policy.html", "licences:access-policy"
MOST = 100


@needs(Power.MANAGE_PROGRAMME)
@require_http_methods(["GET", "POST"])
def policies(request: KnownRequest) -> HttpResponse:
    """What counts today, what is to come and what was; and the form of the next version."""
    today = dates.today()
    form = PolicyForm(request.POST or None, today=today, policy=policy_on(today))
    if request.method == "GET":
        return render(request, TEMPLATE, page_of(request, form))
    if not form.is_valid():
        return invalid(request, TEMPLATE, page_of(request, form))
    try:
        set_policy(request.actor, valid_from=form.cleaned_data["valid_from"], policy=form.policy(), today=today)
    except PolicyRefused:
        form.add_error("valid_from", _("Somebody else has just set a policy from this day on."))
        return invalid(request, TEMPLATE, page_of(request, form))
    messages.success(request, _("Saved. Access that was given before keeps its end."))
    return see_other(request, PAGE)


def page_of(request: KnownRequest, form: PolicyForm) -> dict[str, Any]:
    """All versions, newest first; the one in force is the newest that has begun."""
    rows = list(AccessPolicy.objects.visible_to(request.actor).order_by("-valid_from")[:MOST])
    current = next((row for row in rows if row.valid_from <= form.today), None)
    return {"form": form, "rows": rows, "current": current, "today": form.today}


@needs(Power.MANAGE_PROGRAMME)
@require_POST
def withdraw(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Takes back a version that has not begun."""
    row = get_object_or_404(AccessPolicy.objects.visible_to(request.actor), pk=pk)
    withdraw_policy(request.actor, policy=row, today=dates.today())
    messages.success(request, _("Taken back."))
    return see_other(request, PAGE)
