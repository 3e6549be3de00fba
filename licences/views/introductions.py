"""The customer looks at a firm that asks for access, and gives what it likes, or declines."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import allows
from accounts.rules import AccessLevel, Power
from interface.answers import invalid, see_other
from licences.forms.access import REFUSALS, TermsForm, as_number, posted_ticks
from licences.forms.approaches import RefusalForm
from licences.models import Assignment
from licences.rules import Scope
from licences.rules.access import Refusal, Refused, Ticks
from licences.services.approvals import approve, turn_down
from licences.services.drafts import choose_licences
from licences.views import wizard_access
from licences.views.gate import KnownRequest, needs
from licences.views.update import UNGIVEN

TEMPLATE = "licences/asked.html"


@needs(Power.NARROW_ACCESS)
@require_http_methods(["GET", "POST"])
def asked(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Answered in one press; the ticks are kept while pages are turned."""
    row = asked_of(request, pk)
    if request.method == "GET":
        return render(request, TEMPLATE, page_of(request, row))
    if request.POST.get("answer") == "decline":
        return declined(request, row)
    if (then := request.POST.get("then", "")) and is_open(request, row):
        choose_licences(request.actor, assignment=row, ticks=wizard_access.asked_ticks(request))
        return see_other(request, request.path + (then if then.startswith("?") else ""))
    return granted(request, row)


def asked_of(request: KnownRequest, pk: UUID) -> Assignment:
    """What was asked for, whatever became of it; the same 404 for anything else."""
    rows = Assignment.objects.visible_to(request.actor).filter(approach__isnull=False)
    return get_object_or_404(rows.select_related("advisor__firm", "contact", "approach"), pk=pk)


def is_open(request: KnownRequest, row: Assignment) -> bool:
    return Assignment.objects.visible_to(request.actor).requested().filter(pk=row.pk).exists()


def granted(request: KnownRequest, row: Assignment) -> HttpResponse:
    """Access is given, or the form comes back with what is missing."""
    form, version = wizard_access.terms_form(request, row), as_number(request.POST.get("version"))
    ticks = posted_ticks(request.POST)
    if not form.is_valid():
        return kept(request, row, ticks, form)
    try:
        approve(request.actor, assignment=row, version=version, terms=form.terms(), ticks=ticks)
    except Refused as refused:
        nothing = refused.refusal is Refusal.NOTHING_CHOSEN
        said = {"nothing_chosen": True} if nothing else {"refused": REFUSALS[refused.refusal]}
        return kept(request, row, ticks, form, **said)
    messages.success(request, _("%(firm)s has access now. Both sides are told by e-mail.") % {"firm": row.advisor})
    return see_other(request, "licences:assignment", row.pk)


def kept(request: KnownRequest, row: Assignment, ticks: Ticks, form: TermsForm, **said: Any) -> HttpResponse:
    """The form again, with the ticks that were set."""
    if is_open(request, row):
        choose_licences(request.actor, assignment=row, ticks=ticks)
    return invalid(request, TEMPLATE, page_of(request, asked_of(request, row.pk), form=form) | said)


def declined(request: KnownRequest, row: Assignment) -> HttpResponse:
    """Without a word the firm is told nothing."""
    refusal = RefusalForm(request.POST)
    if not refusal.is_valid():
        return invalid(request, TEMPLATE, page_of(request, row) | {"refusal": refusal})
    reply = refusal.cleaned_data["reply"]
    turn_down(request.actor, assignment=row, reply=reply)
    told, quiet = _("The request is declined; the firm gets your word."), _("The request is declined, in silence.")
    messages.success(request, told if reply else quiet)
    return see_other(request, "licences:assignments")


def page_of(request: KnownRequest, row: Assignment, *, form: TermsForm | None = None) -> dict[str, Any]:
    """What the page shows; what may not be given is not preset."""
    form = form or wizard_access.terms_form(request, row)
    any_terms = allows(request.actor, Power.GRANT_ANY)
    if not any_terms and not form.is_bound:
        form.initial["scope"] = Scope.SELECTED.value
        form.initial["level"] = min(row.level, int(AccessLevel.QUOTE))
    asked_at = row.approach.created_at if row.approach else row.created_at
    return {
        "row": row,
        "firm": row.advisor,
        "approach": row.approach,
        "until": timezone.localdate(asked_at + timedelta(form.policy.request_days)),
        "is_open": is_open(request, row),
        "was_granted": row.status not in UNGIVEN,
        "refusal": RefusalForm(),
        **wizard_access.choices(request, row, form),
    }
