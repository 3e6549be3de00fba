"""View as this advisor: what it sees of the customer now, and what it would see after a change that is not made yet."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Organisation
from accounts.rules import Kind, Power
from accounts.views.gate import KnownRequest
from interface.answers import invalid, see_other
from interface.dates import today
from licences.forms.access import as_id, ids, posted_ticks
from licences.models import Assignment
from licences.rules import Status
from licences.rules.outlook import Foreseen
from licences.services import looks
from licences.services.grants import held, today_of
from licences.views import cells, update
from licences.views.gate import needs
from renewals.views import rows, sight

TEMPLATE = "renewals/view_as.html"
OWN = ("csrfmiddlewaretoken", "after", "before")
UNKNOWN = (Status.DRAFT.value, Status.DISCARDED.value)


@needs(Power.SEE_LICENCES)
@require_GET
def now(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For every firm that has, or has had, access."""
    given = Assignment.objects.visible_to(request.actor).exclude(status__in=UNKNOWN)
    firms = Organisation.objects.visible_to(request.actor).filter(kind=Kind.ADVISOR.value)
    firm = get_object_or_404(firms.filter(pk__in=given.values("advisor")), pk=pk)
    looks.write_down_look(request.actor, advisor_id=firm.pk)
    return page_of(request, firm, sight.seen_now(request.actor, firm, request.GET, today=today()))


@needs(Power.GRANT_SELECTED)
@require_GET
def after_draft(request: KnownRequest, pk: UUID) -> HttpResponse:
    """From the last step of adding an advisor."""
    drafts = Assignment.objects.visible_to(request.actor).drafts().select_related("advisor")
    draft = get_object_or_404(drafts, pk=pk)
    foreseen = looks.foresee_draft(request.actor, draft=draft)
    return would_see(request, draft.advisor, foreseen, back_url=reverse("licences:add-review", args=[draft.pk]))


@needs(Power.NARROW_ACCESS)
@require_POST
def after_edit(request: KnownRequest, pk: UUID) -> HttpResponse:
    """From the form of one assignment, as it stands there; nothing is saved."""
    row = update.assignment_of(request, pk)
    if row.status != Status.ACTIVE or row.ends_on < today_of(request.actor):
        return see_other(request, "licences:assignment", row.pk)
    form = update.terms_form(request, row)
    if not form.is_valid():
        return invalid(request, update.TEMPLATE, update.page_of(request, row, form))
    ticks = posted_ticks(request.POST)
    foreseen = looks.foresee_edit(request.actor, assignment=row, terms=form.terms(), ticks=ticks)
    return would_see(request, row.advisor, foreseen, back_url=reverse("licences:assignment", args=[row.pk]))


@needs(Power.NARROW_ACCESS)
@require_GET
def after_wish(request: KnownRequest) -> HttpResponse:
    """From the review of changes to many licences."""
    lines = {line.coverage_id: line for line in cells.lines_of(request, ids(request.GET.getlist("coverage")))}
    if not lines:
        return see_other(request, "licences:assignments")
    firm = cells.firm_of(request, as_id(request.GET.get("advisor", "")))
    holding = held(request.actor, advisor_id=firm.pk, coverages=lines, today=today_of(request.actor))
    form = cells.share_form(request, request.GET, holding, lines)
    if not form.is_valid():
        return redirect(changes_url(request))
    foreseen = looks.foresee_wish(request.actor, advisor_id=firm.pk, wish=form.wish(frozenset(lines)))
    return would_see(request, firm, foreseen, back_url=changes_url(request))


def changes_url(request: KnownRequest) -> str:
    """Back to the review of the same changes."""
    query = request.GET.copy()
    for name in OWN:
        query.pop(name, None)
    return f"{reverse('licences:bulk')}?{query.urlencode()}"


def would_see(request: KnownRequest, firm: Organisation, foreseen: Foreseen, *, back_url: str) -> HttpResponse:
    params = request.POST if request.method == "POST" else request.GET
    found = sight.seen_then(request.actor, foreseen, params, today=today())
    return page_of(request, firm, found, is_preview=True, back_url=back_url)


def page_of(request: KnownRequest, firm: Organisation, found: sight.Sight, **context: Any) -> HttpResponse:
    """The page, by the same rows as the firm's own page of the customer."""
    shown: dict[str, Any] = {"firm": firm, "sight": found, "rows": rows.rows(found.page.rows, today=today())}
    if request.method == "POST":
        shown["kept"] = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    return render(request, TEMPLATE, {**shown, **context})
