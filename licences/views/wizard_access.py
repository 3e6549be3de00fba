"""Add advisor, the third step: which licences, which level, until when."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.http import HttpResponse
from django.shortcuts import render

from accounts.permissions import allows
from accounts.rules import Power
from interface.answers import see_other
from licences.forms.access import TermsForm, ends_at, posted_ticks, until_for
from licences.models import Assignment, Coverage, Selection
from licences.rules import Scope
from licences.rules.access import Ticks, end_after_last
from licences.rules.ends import EndPolicy
from licences.services.drafts import choose_access, choose_licences
from licences.services.grants import own_coverages, today_of
from licences.services.policies import policy_on
from licences.views.ends import shortfall
from licences.views.gate import KnownRequest
from licences.views.ticking import matrix, tick_list
from licences.views.wizard import both, draft_of, shown, step
from licences.views.wizard_review import shared_rows

TEMPLATE = "licences/add/access.html"


@step
@both
def access(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Ticks are kept by every button of the page; level and end as soon as they can be."""
    draft = draft_of(request, pk)
    form = terms_form(request, draft)
    if request.method == "GET":
        return render(request, TEMPLATE, page_of(request, draft, form))
    choose_licences(request.actor, assignment=draft, ticks=asked_ticks(request))
    if form.is_valid():
        choose_access(request.actor, assignment=draft, terms=form.terms())
    if (then := request.POST.get("then", "review")) != "review":
        return see_other(request, request.path + (then if then.startswith("?") else ""))
    empty = not (form["scope"].value() == Scope.ALL or chosen(draft))
    if form.errors or empty:
        return render(request, TEMPLATE, page_of(request, draft, form) | {"nothing_chosen": empty}, status=422)
    return see_other(request, "licences:add-review", draft.pk)


def terms_form(request: KnownRequest, draft: Assignment) -> TermsForm:
    """The form of level, scope and end, as the draft has them."""
    today = today_of(request.actor)
    policy = policy_on(today)
    return TermsForm(
        ends_at(request.POST) or None,
        initial={
            "scope": draft.scope,
            "level": draft.level,
            "until": until_for(draft.ends_on, today=today, policy=policy),
            "ends_on": draft.ends_on,
            "extends": draft.auto_extend,
        },
        any_terms=allows(request.actor, Power.GRANT_ANY),
        today=today,
        policy=policy,
        last_on=lambda: last_expiry(request, draft, today=today, policy=policy),
    )


def last_expiry(request: KnownRequest, draft: Assignment, *, today: date, policy: EndPolicy) -> date | None:
    """The latest expiry among what is shared; with everything, of all that the customer has."""
    coverages = Coverage.objects.visible_to(request.actor)
    if request.POST.get("scope") != Scope.ALL:
        stored, ticks = Selection.objects.filter(assignment=draft).values("coverage"), posted_ticks(request.POST)
        coverages = coverages.filter(Q(pk__in=stored) | Q(pk__in=ticks.add)).exclude(pk__in=ticks.remove)
    return end_after_last([coverages.aggregate(last=Max("expires_on"))["last"]], today=today, policy=policy)


def asked_ticks(request: KnownRequest) -> Ticks:
    """The ticks of the page, or of all pages when that is what the button says."""
    then = request.POST.get("then")
    if then in ("all", "none"):
        everything = frozenset(own_coverages(request.actor))
        return Ticks(add=everything) if then == "all" else Ticks(remove=everything)
    return posted_ticks(request.POST)


def chosen(draft: Assignment) -> int:
    """How many licences the draft has a tick for."""
    return Selection.objects.filter(assignment=draft).count()


def page_of(request: KnownRequest, draft: Assignment, form: TermsForm) -> dict[str, Any]:
    """What the step shows."""
    return shown(request, draft, 3, **choices(request, draft, form))


def choices(request: KnownRequest, draft: Assignment, form: TermsForm) -> dict[str, Any]:
    """Licences to tick, levels and ends, of a draft or of a request."""

    def named(listed: list[UUID]) -> set[UUID]:
        ticks = Selection.objects.filter(assignment=draft, coverage__in=listed)
        return set(ticks.values_list("coverage_id", flat=True))

    any_terms = allows(request.actor, Power.GRANT_ANY)
    posted = posted_ticks(request.POST)
    ticks = tick_list(request.actor, request.GET, named=named, chosen=chosen(draft), posted=posted)
    level = int(form["level"].value() or draft.level)
    short = shortfall(shared_rows(request, draft), ends_on=draft.ends_on, today=form.today, policy=form.policy)
    found = {"form": form, "short": short, "ticks": ticks, "level": level, "any_terms": any_terms}
    return found | matrix(any_terms=any_terms)
