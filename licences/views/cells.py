"""One cell of the grid, or the review of many: what a firm may do with chosen licences."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import Organisation
from accounts.permissions import allows
from accounts.rules import Kind, Power
from interface.answers import see_other
from licences.forms.access import ShareForm, as_id, ids, until_for
from licences.models import Assignment, Visibility
from licences.rules.access import Change, Terms, end_after_last, terms_for, widens
from licences.rules.changes import Stale
from licences.services.grants import Holding, held, terms_of, today_of
from licences.services.policies import policy_on
from licences.services.shares import preview_changes, set_access
from licences.views.gate import KnownRequest, needs

both = require_http_methods(["GET", "POST"])
Lines = dict[UUID, Visibility]


def firm_of(request: KnownRequest, pk: UUID | None) -> Organisation:
    """The firm of a cell: one that has access now; any other is 404 like an absent one."""
    helping = Assignment.objects.visible_to(request.actor).in_force().values("advisor")
    firms = Organisation.objects.visible_to(request.actor).filter(kind=Kind.ADVISOR.value, pk__in=helping)
    return get_object_or_404(firms, pk=pk)


def lines_of(request: KnownRequest, coverages: frozenset[UUID]) -> QuerySet[Visibility]:
    """The customer's own licences among these ids."""
    rows = Visibility.objects.visible_to(request.actor).filter(coverage__in=coverages)
    return rows.select_related("coverage__licence__product").order_by("expires_on", "coverage")


def share_form(request: KnownRequest, posted: QueryDict | None, holding: Holding, lines: Lines) -> ShareForm:
    """The form of level and end, as the cells have it where they agree."""
    now = {terms_for(holding.grants, coverage) for coverage in lines}
    same = now.pop() if len(now) == 1 else None
    today = today_of(request.actor)
    policy = policy_on(today)
    any_terms = allows(request.actor, Power.GRANT_ANY)
    everything = terms_of(holding.everything) if holding.everything else None
    return ShareForm(
        posted,
        initial=initial(same)
        | {"until": until_for(same.ends_on if same else policy.usual(today), today=today, policy=policy)},
        any_terms=any_terms,
        everything=everything if any_terms or not widens(same, everything) else None,
        today=today,
        policy=policy,
        last_on=lambda: end_after_last((line.expires_on for line in lines.values()), today=today, policy=policy),
    )


def initial(same: Terms | None) -> dict[str, Any]:
    return {"give": str(int(same.level)), "ends_on": same.ends_on} if same else {}


@needs(Power.NARROW_ACCESS)
@both
def cell(request: KnownRequest, coverage: UUID, advisor: UUID) -> HttpResponse:
    """One licence and one firm."""
    firm = firm_of(request, advisor)
    line = get_object_or_404(lines_of(request, frozenset({coverage})))
    holding = held(request.actor, advisor_id=firm.pk, coverages={coverage}, today=today_of(request.actor))
    form = share_form(request, request.POST or None, holding, {coverage: line})
    context = {"firm": firm, "line": line, "form": form, "holding": holding, "stamp": holding.stamp}
    context["now"] = terms_for(holding.grants, coverage)
    if request.method == "GET" or not form.is_valid():
        return render(request, "licences/cell.html", context, status=422 if form.errors else 200)
    wish, stamp = form.wish(frozenset({coverage})), request.POST.get("stamp", "")
    try:
        changes = set_access(request.actor, advisor=firm, wish=wish, stamp=stamp)
    except Stale:
        return render(request, "licences/cell.html", context | {"changed": True}, status=409)
    return done(request, firm, changes)


def done(request: KnownRequest, firm: Organisation, changes: list[Change]) -> HttpResponse:
    """Back to the grid, with what was done."""
    words = {"count": len(changes), "firm": firm.name}
    said = ngettext(
        "Access of %(firm)s to %(count)d licence is changed. Both sides are told by e-mail.",
        "Access of %(firm)s to %(count)d licences is changed. Both sides are told by e-mail.",
        len(changes),
    )
    messages.success(request, said % words if changes else _("Nothing to change: it is so already."))
    return see_other(request, "licences:assignments")


@needs(Power.NARROW_ACCESS)
@both
def bulk(request: KnownRequest) -> HttpResponse:
    """Many licences and one firm: shown on GET, applied on POST, and shown again when somebody was faster."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = ids(asked.getlist("coverage"))
    lines: Lines = {line.coverage_id: line for line in lines_of(request, chosen)}
    if not lines:
        messages.error(request, _("Select licences first: tick them at the left of their rows."))
        return see_other(request, "licences:assignments")
    firm = firm_of(request, as_id(asked.get("advisor", "")))
    today = today_of(request.actor)
    holding = held(request.actor, advisor_id=firm.pk, coverages=lines, today=today)
    form = share_form(request, asked, holding, lines)
    context: dict[str, Any] = {"firm": firm, "form": form, "lines": lines.values()}
    if not form.is_valid():
        return render(request, "licences/bulk.html", context, status=422)
    if request.method == "POST":
        try:
            changes = set_access(request.actor, advisor=firm, wish=form.wish(chosen), stamp=asked.get("stamp", ""))
            return done(request, firm, changes)
        except Stale:
            context["changed"] = True
    return render(
        request, "licences/bulk.html", context | preview_of(request, firm, form, lines), status=status(context)
    )


def asked_again(request: KnownRequest) -> str:
    """What was asked for, as the query of an address."""
    asked = (request.POST if request.method == "POST" else request.GET).copy()
    for name in ("csrfmiddlewaretoken", "stamp"):
        asked.pop(name, None)
    return asked.urlencode()


def status(context: dict[str, Any]) -> int:
    return 409 if context.get("changed") else 200


def preview_of(request: KnownRequest, firm: Organisation, form: ShareForm, lines: Lines) -> dict[str, Any]:
    """What would change, licence by licence."""
    wish = form.wish(frozenset(lines))
    preview = preview_changes(request.actor, advisor=firm, wish=wish, today=form.today)
    return {
        "wish": wish,
        "query": asked_again(request),
        "stamp": preview.stamp,
        "allowed": preview.allowed,
        "changes": [(lines[change.coverage], change.before, change.after) for change in preview.changes],
        "unchanged": len(lines) - len(preview.changes),
    }
