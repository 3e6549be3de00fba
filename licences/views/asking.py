"""An advisor asks a customer for more than it has been given."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Power
from interface.answers import invalid, see_other
from interface.dates import today
from licences.forms.access import REFUSALS
from licences.forms.requests import AskForm
from licences.models import AccessRequest, Assignment, CustomerVisibility
from licences.rules import Answer, Status
from licences.rules.access import Refused
from licences.rules.changes import Ended, Stale
from licences.services import requests
from licences.services.grants import terms_of
from licences.services.policies import policy_on
from licences.views.gate import KnownRequest, needs

TEMPLATE = "licences/ask.html"


@needs(Power.ASK_ACCESS)
@require_http_methods(["GET", "POST"])
def ask(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For an assignment in force alone; one request at a time waits."""
    row = own_grant(request, pk)
    form = AskForm(request.POST or None, now=terms_of(row), today=today(), policy=policy_on(today()))
    waiting = AccessRequest.objects.visible_to(request.actor).waiting().filter(assignment=row).first()
    context = {"row": row, "form": form, "waiting": waiting, "last": last_answer(request, row)}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return invalid(request, TEMPLATE, context)
    try:
        requests.ask(request.actor, assignment=row, **form.cleaned_data)
    except Refused as refused:
        return invalid(request, TEMPLATE, context | {"refused": REFUSALS[refused.refusal]})
    messages.success(request, _("%(customer)s is asked by e-mail.") % {"customer": row.customer})
    return see_other(request, f"/customers/{row.customer.slug}/")


@needs(Power.ASK_ACCESS)
@require_POST
def withdraw(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The firm takes back what waits for an answer."""
    row = own_grant(request, pk)
    waiting = AccessRequest.objects.visible_to(request.actor).waiting().filter(assignment=row).first()
    if waiting is None:
        raise Stale
    requests.withdraw(request.actor, request=waiting)
    messages.success(request, _("Your request is taken back."))
    return see_other(request, "licences:ask", row.pk)


def last_answer(request: KnownRequest, row: Assignment) -> AccessRequest | None:
    """What became of the newest request, when the customer declined it."""
    asked = AccessRequest.objects.visible_to(request.actor).filter(assignment=row).order_by("-created_at").first()
    return asked if asked and asked.answer == Answer.DECLINED.value else None


def own_grant(request: KnownRequest, pk: UUID) -> Assignment:
    """The firm's assignment, while the customer is known to it; the same 404 otherwise."""
    known = CustomerVisibility.objects.visible_to(request.actor).values("customer")
    own = Assignment.objects.visible_to(request.actor).filter(pk=pk)
    rows = own.filter(status=Status.ACTIVE, customer__in=known).in_force()
    if request.method == "POST" and own.exists() and not rows.exists():
        raise Ended
    return get_object_or_404(rows.select_related("customer"))
