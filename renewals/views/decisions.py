"""Not renewing a coverage, or some of its seats: what is asked and answered, the form, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import require
from accounts.rules import AccessLevel, Actor, Kind, Power
from interface.answers import conflict, see_other
from licences.models import Visibility
from licences.rules import NO_DATE
from licences.rules.changes import Stale
from renewals.forms.quotes import DecisionForm
from renewals.models import Decision
from renewals.rules.decisions import Reason, State, remaining
from renewals.services.decisions import agree, decide, drop, propose, standing, take_back, withdraw
from renewals.views.quotes.gate import KnownRequest, needs

PAGE = "renewals/not_renewing.html"
VERBS = {"agree": agree, "drop": drop, "withdraw": withdraw, "take_back": take_back}


@needs(Power.SEE_QUOTES)
@require_http_methods(["GET", "POST"])
def not_renewing(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For the customer's keepers, and as a proposal for an advisor at level Quote."""
    seen, is_own = coverage_of(request.actor, pk), request.actor.kind is Kind.CUSTOMER
    form = DecisionForm(request.POST if request.method == "POST" else None, owned=seen.quantity, is_own=is_own)
    if not (form.is_bound and form.is_valid()):
        return render(request, PAGE, context(request.actor, seen, form), status=422 if form.errors else 200)
    values = form.cleaned_data
    verb = decide if is_own else propose
    verb(request.actor, seen=seen, quantity=values["quantity"], reason=Reason(values["reason"]), note=values["note"])
    done = _("Kept: your advisors are told.") if is_own else _("Proposed: the customer is asked by mail.")
    messages.success(request, done)
    return see_other(request, "renewals:not-renewing", pk)


@needs(Power.SEE_QUOTES)
@require_POST
def answer(request: KnownRequest, pk: UUID, decision: UUID) -> HttpResponse:
    """A proposal is agreed to, dropped or withdrawn, a decision taken back; whoever comes second is told so."""
    coverage_of(request.actor, pk)
    verb = VERBS.get(request.POST.get("verb", ""))
    row = get_object_or_404(Decision.objects.visible_to(request.actor), pk=decision, coverage=pk)
    if verb is None:
        return see_other(request, "renewals:not-renewing", pk)
    try:
        verb(request.actor, decision=row)
    except Stale:
        late = _("Somebody else was faster, or it was renewed meanwhile. Look at how it stands now.")
        return conflict(request, late, back_url=reverse("renewals:not-renewing", args=[pk]))
    messages.success(request, SAID[request.POST["verb"]]())
    return see_other(request, "renewals:not-renewing", pk)


SAID = {
    "agree": lambda: _("Agreed: quotes and reminders leave these seats out."),
    "drop": lambda: _("They are renewed all the same; whoever proposed it is told."),
    "withdraw": lambda: _("Your proposal is withdrawn."),
    "take_back": lambda: _("Taken back: reminders come again."),
}


def coverage_of(actor: Actor, pk: UUID) -> Any:
    """The coverage, for those who may decide or propose; a foreign and an absent one are the same 404."""
    rows = Visibility.objects.visible_to(actor).select_related("coverage__licence__product", "customer")
    seen = get_object_or_404(rows.filter(expires_on__lt=NO_DATE), coverage=pk)
    level = AccessLevel.NONE if actor.kind is Kind.CUSTOMER else AccessLevel(seen.access_level)
    require(actor, Power.BUILD_QUOTES, level=level)
    return seen


def context(actor: Actor, seen: Any, form: DecisionForm) -> dict[str, Any]:
    """What stands, by whom, and what would be left of the coverage."""
    found = standing(actor, seen)
    decision = next((each for each in found if each.state == State.DECIDED), None)
    proposals = [each for each in found if each.state == State.PROPOSED]
    return {
        "seen": seen,
        "licence": seen.coverage.licence,
        "decision": decision,
        "proposals": proposals,
        "asks": proposals[0] if proposals and actor.kind is Kind.CUSTOMER else None,
        "left": remaining(seen.quantity, decision.quantity) if decision else seen.quantity,
        "form": form,
        "is_own": actor.kind is Kind.CUSTOMER,
    }
