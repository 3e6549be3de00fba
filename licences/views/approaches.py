"""A firm asks a company for access, and sees what it has asked; the answer is the same, whoever was meant."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Power
from advisors.models import Contact
from interface import dates
from interface.answers import invalid, see_other
from interface.paging import page
from licences.forms.access import REFUSALS
from licences.forms.approaches import WISHES, ApproachForm
from licences.models import Approach, Assignment
from licences.rules import Status
from licences.rules.access import Refused
from licences.rules.approaches import DAILY, TooOften
from licences.services import approaches
from licences.services.policies import policy_on
from licences.views.gate import KnownRequest, needs

TEMPLATE = "licences/approach.html"
SIZE = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the firm's own list: what it typed, and what it has been told since."""

    row: Approach
    answer: Assignment | None
    is_open: bool
    until: date

    @property
    def wish(self) -> str:
        return str(WISHES[self.row.scope])

    @property
    def is_granted(self) -> bool:
        return self.answer is not None and self.answer.status != Status.DECLINED


@needs(Power.ASK_ACCESS)
@require_http_methods(["GET", "POST"])
def approach(request: KnownRequest) -> HttpResponse:
    """One form, one answer."""
    form = ApproachForm(request.POST or None, contacts=contacts(request), initial=mine(request))
    if request.method == "GET":
        return render(request, TEMPLATE, page_of(request, form))
    if not form.is_valid():
        return invalid(request, TEMPLATE, page_of(request, form))
    chosen = form.cleaned_data
    try:
        approaches.approach(request.actor, target=chosen["target"], plea=form.plea(), contact=chosen["contact"])
    except TooOften:
        return render(request, TEMPLATE, page_of(request, form) | {"too_often": True}, status=429)
    except Refused as refused:
        return invalid(request, TEMPLATE, page_of(request, form) | {"refused": REFUSALS[refused.refusal]})
    messages.success(request, _("If it is a customer, it was asked."))
    return see_other(request, "licences:approach")


@needs(Power.ASK_ACCESS)
@require_POST
def withdraw(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The firm takes back what it asked; the same, whoever was meant."""
    row = get_object_or_404(Approach.objects.visible_to(request.actor), pk=pk)
    approaches.withdraw_approach(request.actor, approach=row)
    messages.success(request, _("Your request is taken back."))
    return see_other(request, "licences:approach")


def contacts(request: KnownRequest) -> Any:
    """The firm's contacts, by name."""
    return Contact.objects.filter(firm=request.actor.organisation_id, left_on=None).order_by("name", "id")


def mine(request: KnownRequest) -> dict[str, Any]:
    """The person's own entry among the contacts comes first."""
    return {"contact": contacts(request).filter(user=request.actor.user_id).first()}


def page_of(request: KnownRequest, form: ApproachForm) -> dict[str, Any]:
    """What the page shows: read from the firm's own rows alone."""
    rows = Approach.objects.visible_to(request.actor)
    found = page(rows, request.GET, keys=("-created_at", "-id"), size=SIZE)
    still_open = set(rows.open().filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
    answers = approaches.answers(request.actor, found.rows)
    lately = approaches.asked_lately(request.actor)
    lasts = timedelta(policy_on(dates.today()).request_days)
    listed = [
        Asked(row, answers.get(row.pk), row.pk in still_open, timezone.localdate(row.created_at + lasts))
        for row in found
    ]
    return {
        "form": form,
        "page": found,
        "rows": listed,
        "left": DAILY - len(lately),
        "again": dates.moment(lately[-1] + timedelta(1)) if len(lately) == DAILY else "",
    }
