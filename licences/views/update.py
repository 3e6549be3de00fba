"""Update advisor access: one assignment's level, scope, end and licences, and its end at once."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import allows, require
from accounts.rules import AccessLevel, Power
from advisors.models import Contact
from interface import dates
from interface.answers import invalid, see_other
from licences.forms.access import REFUSALS, TermsForm, as_number, ends_at, posted_ticks, until_for
from licences.models import LEVELS, SCOPES, STATUSES, Assignment, Exclusion, Lead, Selection, Visibility
from licences.rules import Scope, Side, Status
from licences.rules.access import Refused, Terms, end_after_last, power_to_give
from licences.rules.changes import Difference, Field, Stale
from licences.rules.ends import EndPolicy
from licences.services.assignments import change_access, fallback, revoke
from licences.services.grants import held, named_by, reach, terms_of, today_of
from licences.services.policies import policy_on
from licences.views.ends import shortfall
from licences.views.gate import OVER, KnownRequest, needs
from licences.views.ticking import matrix, tick_list

TEMPLATE = "licences/assignment.html"
FIELDS = {
    Field.STATUS: gettext_lazy("State"),
    Field.SCOPE: gettext_lazy("Which licences"),
    Field.LEVEL: gettext_lazy("Access level"),
    Field.ENDS_ON: gettext_lazy("Until"),
    Field.EXTENDS: gettext_lazy("Extend once by itself"),
    Field.LICENCES: gettext_lazy("Number of licences"),
}
YES_NO = {True: gettext_lazy("Yes"), False: gettext_lazy("No")}
NAMED = 5
UNGIVEN = (Status.REQUESTED, Status.DECLINED, Status.WITHDRAWN, Status.LAPSED)
both = require_http_methods(["GET", "POST"])


def assignment_of(request: KnownRequest, pk: UUID) -> Assignment:
    """The assignment, or the same 404 for a foreign, a draft and an absent one."""
    rows = Assignment.objects.visible_to(request.actor).exclude(status__in=(Status.DRAFT.value, Status.DISCARDED.value))
    return get_object_or_404(rows.select_related("advisor__firm", "contact"), pk=pk)


@needs(Power.SEE_LICENCES)
@both
def assignment(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Shown to all of the customer's people; changed by those who may."""
    row = assignment_of(request, pk)
    if row.status in UNGIVEN:
        return see_other(request, "licences:asked", row.pk)
    form = terms_form(request, row)
    context = page_of(request, row, form)
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    require(request.actor, Power.NARROW_ACCESS)
    if not form.is_valid():
        return invalid(request, TEMPLATE, context)
    ticks, version = posted_ticks(request.POST), as_number(request.POST.get("version"))
    try:
        changed = change_access(request.actor, assignment=row, version=version, terms=form.terms(), ticks=ticks)
    except Refused as refused:
        return invalid(request, TEMPLATE, context | {"refused": REFUSALS[refused.refusal]})
    except Stale as stale:
        context = page_of(request, assignment_of(request, pk), form) | {"stale": worded(stale.differences)}
        return render(request, TEMPLATE, context | {"changed": True}, status=409)
    said = _("The access is changed. Both sides are told by e-mail.") if changed else _("Nothing was changed.")
    messages.success(request, said)
    return see_other(request, "licences:assignment", row.pk)


def terms_form(request: KnownRequest, row: Assignment) -> TermsForm:
    """The form as the assignment is; an end that stays needs no new permission of the calendar."""
    now, today = terms_of(row), today_of(request.actor)
    policy = policy_on(today)
    return TermsForm(
        ends_at(request.POST) or None,
        initial={
            "scope": row.scope,
            "level": row.level,
            "until": until_for(row.ends_on, today=today, policy=policy),
            "ends_on": row.ends_on,
            "extends": row.auto_extend,
        },
        now=now,
        any_terms=allows(request.actor, Power.GRANT_ANY),
        today=today,
        policy=policy,
        kept=now.ends_on,
        last_on=lambda: last_expiry(request, row, today=today, policy=policy),
    )


def last_expiry(request: KnownRequest, row: Assignment, *, today: date, policy: EndPolicy) -> date | None:
    """The latest expiry of what it reaches."""
    expiries = reached(request, row).values_list("expires_on", flat=True)
    return end_after_last(expiries, today=today, policy=policy)


def reached(request: KnownRequest, row: Assignment) -> Any:
    """The customer's licences that the assignment reaches."""
    rows = Visibility.objects.visible_to(request.actor)
    if row.scope == Scope.ALL:
        return rows.exclude(coverage__in=Exclusion.objects.filter(assignment=row).values("coverage"))
    return rows.filter(coverage__in=Selection.objects.filter(assignment=row).values("coverage"))


def page_of(request: KnownRequest, row: Assignment, form: TermsForm) -> dict[str, Any]:
    """What the page shows."""

    def named(listed: list[UUID]) -> set[UUID]:
        found = named_by([row], listed).get(row.pk, set())
        return set(listed) - found if row.scope == Scope.ALL else found

    any_terms = allows(request.actor, Power.GRANT_ANY)
    others = Assignment.objects.visible_to(request.actor).in_force().filter(advisor=row.advisor_id).exclude(pk=row.pk)
    return {
        "row": row,
        "firm": row.advisor,
        "form": form,
        "any_terms": any_terms,
        "people": contacts_of(request, row),
        "leads": Lead.objects.visible_to(request.actor).standing().filter(advisor=row.advisor_id).count(),
        "short": shortfall(reached(request, row), ends_on=row.ends_on, today=form.today, policy=form.policy),
        "ticks": tick_list(
            request.actor, request.GET, named=named, chosen=reach(row), posted=posted_ticks(request.POST)
        ),
        "level": as_number(form["level"].value()) or row.level,
        "others": others.order_by("ends_on", "id"),
        **standing(request, row, form),
        **matrix(any_terms=any_terms or row.level == AccessLevel.RENEW),
    }


def contacts_of(request: KnownRequest, row: Assignment) -> QuerySet[Contact]:
    """Whom at the firm the customer may choose."""
    found = Contact.objects.visible_to(request.actor).filter(firm=row.advisor_id, left_on=None)
    return found.order_by("name", "id")


def standing(request: KnownRequest, row: Assignment, form: TermsForm) -> dict[str, bool]:
    """Whether it is in force or paused, and what the actor may therefore do."""
    in_force = row.status == Status.ACTIVE and row.ends_on >= form.today
    paused = row.status == Status.SUSPENDED and row.ends_on >= form.today
    may_narrow = allows(request.actor, Power.NARROW_ACCESS)
    may_give = allows(request.actor, power_to_give(terms_of(row)))
    return {
        "in_force": in_force,
        "is_expiring": in_force and form.policy.expiring(row.ends_on, today=form.today),
        "paused": paused,
        "over": not (in_force or paused),
        "halted": paused and row.suspended_by == Side.PROGRAMME,
        "may_change": in_force and may_narrow,
        "may_remove": (in_force or paused) and may_narrow,
        "may_resume": paused and row.suspended_by == Side.CUSTOMER and may_give,
    }


def worded(differences: list[Difference]) -> list[tuple[Any, str, str]]:
    """Differences as a reader sees them: what, how it is now, how the form would have it."""
    return [(FIELDS[each.field], shown(each, each.now), shown(each, each.wanted)) for each in differences]


def shown(difference: Difference, value: Any) -> str:
    """One value of a difference in words."""
    words: dict[Field, Any] = {Field.STATUS: STATUSES, Field.SCOPE: SCOPES, Field.LEVEL: LEVELS}
    if difference.field in words:
        return str(words[difference.field][value.value])
    if difference.field is Field.EXTENDS:
        return str(YES_NO[bool(value)])
    return dates.day(value) if difference.field is Field.ENDS_ON else str(value)


@needs(Power.NARROW_ACCESS)
@both
def remove(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Asks first, and says what the firm would lose."""
    row = assignment_of(request, pk)
    if row.status not in (Status.ACTIVE, Status.SUSPENDED) or row.ends_on < today_of(request.actor):
        if request.method == "POST":
            messages.error(request, OVER)
        return see_other(request, "licences:assignment", row.pk)
    if request.method == "GET":
        return render(request, "licences/remove.html", loss(request, row))
    try:
        revoke(request.actor, assignment=row, version=as_number(request.POST.get("version")))
    except Stale:
        context = loss(request, assignment_of(request, pk)) | {"changed": True}
        return render(request, "licences/remove.html", context, status=409)
    messages.success(
        request, _("%(firm)s has lost this access. Both sides are told by e-mail.") % {"firm": row.advisor}
    )
    return see_other(request, "licences:assignments")


def loss(request: KnownRequest, row: Assignment) -> dict[str, Any]:
    """What ending the assignment takes away, and what takes over."""
    rows = reached(request, row).select_related("coverage__licence__product").order_by("expires_on", "coverage")
    count = reach(row)
    holding = held(request.actor, advisor_id=row.advisor_id, coverages=(), today=today_of(request.actor))
    left: Terms | None = fallback(row, holding)
    return {
        "row": row,
        "firm": row.advisor,
        "count": count,
        "rows": rows[:NAMED],
        "more": max(0, count - NAMED),
        "left": left,
        "others": len(holding.rows) > 1,
        "quotes": row.level >= AccessLevel.QUOTE,
        "orders": row.level >= AccessLevel.RENEW,
    }
