"""Not renewing a coverage, or some of its seats: the form, what stands, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require
from accounts.rules import AccessLevel, Actor, Kind, Power
from interface.answers import see_other
from licences.models import Visibility
from licences.rules import NO_DATE
from renewals.forms.quotes import DecisionForm
from renewals.models import Decision
from renewals.rules.decisions import Reason, State
from renewals.services.decisions import answer, decide, standing, take_back
from renewals.views.quotes.gate import KnownRequest, needs


@needs(Power.SEE_QUOTES)
@require_http_methods(["GET", "POST"])
def not_renewing(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For the customer's keepers, and as a proposal for an advisor at level Quote."""
    seen = coverage_of(request.actor, pk)
    found = {each.state: each for each in standing(request.actor, seen)}
    if request.method == "POST" and (verb := request.POST.get("verb", "")):
        return acted(request, found, verb, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, owned=seen.quantity)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        decide(
            request.actor, seen=seen, quantity=values["quantity"], reason=Reason(values["reason"]), note=values["note"]
        )
        messages.success(request, _("Kept."))
        return see_other(request, "renewals:not-renewing", pk)
    return render(
        request,
        "renewals/not_renewing.html",
        context(request.actor, seen, found, form),
        status=422 if form.errors else 200,
    )


def coverage_of(actor: Actor, pk: UUID) -> Any:
    """The coverage, for those who may decide or propose; a foreign and an absent one are the same 404."""
    rows = Visibility.objects.visible_to(actor).select_related("coverage__licence__product")
    seen = get_object_or_404(rows.filter(expires_on__lt=NO_DATE), coverage=pk)
    level = AccessLevel.NONE if actor.kind is Kind.CUSTOMER else AccessLevel(seen.access_level)
    require(actor, Power.BUILD_QUOTES, level=level)
    return seen


def acted(request: KnownRequest, found: dict[str, Decision], verb: str, pk: UUID) -> HttpResponse:
    """A proposal is agreed to or dropped, a decision taken back; what stands no more changes nothing."""
    proposal, decision = found.get(State.PROPOSED.value), found.get(State.DECIDED.value)
    if verb == "take_back" and decision:
        take_back(request.actor, decision=decision)
    elif verb in ("agree", "drop") and proposal:
        answer(request.actor, decision=proposal, agrees=verb == "agree")
    return see_other(request, "renewals:not-renewing", pk)


def context(actor: Actor, seen: Any, found: dict[str, Decision], form: DecisionForm) -> dict[str, Any]:
    return {
        "seen": seen,
        "licence": seen.coverage.licence,
        "decision": found.get(State.DECIDED.value),
        "proposal": found.get(State.PROPOSED.value),
        "form": form,
        "is_own": actor.kind is Kind.CUSTOMER,
    }
