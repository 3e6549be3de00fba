"""Add advisor, the last step: what will be shared, with whom, and what happens then."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.models import CountryContact
from accounts.permissions import allows
from accounts.rules import AccessLevel, Power
from interface import dates
from interface.answers import see_other
from licences.forms.access import REFUSALS, as_number
from licences.models import Assignment, Selection, Visibility
from licences.rules import Scope, Status
from licences.rules.access import Refusal, Refused, power_to_give
from licences.rules.changes import Stale
from licences.services.drafts import activate
from licences.services.grants import terms_of, today_of
from licences.services.policies import policy_on
from licences.views.ends import shortfall
from licences.views.gate import KnownRequest, needs
from licences.views.wizard import both, shown

TEMPLATE = "licences/add/review.html"
LISTED = 20
WHERE = {Refusal.NO_CONTACT: "licences:add-contact"}
ALLOWS = {
    AccessLevel.VIEW: gettext_lazy("Sees dates, quantities and certificates. No prices."),
    AccessLevel.QUOTE: gettext_lazy("Sees dates, quantities, certificates and prices. Builds quotes. Cannot order."),
    AccessLevel.RENEW: gettext_lazy("Sees and quotes all of it, and places the order once you approve."),
}

SELECTED = {
    AccessLevel.VIEW: ngettext_lazy(
        "%(firm)s will see %(count)d licence, until %(ends)s.",
        "%(firm)s will see %(count)d licences, until %(ends)s.",
        "count",
    ),
    AccessLevel.QUOTE: ngettext_lazy(
        "%(firm)s will see %(count)d licence and may quote for it, until %(ends)s.",
        "%(firm)s will see %(count)d licences and may quote for them, until %(ends)s.",
        "count",
    ),
    AccessLevel.RENEW: ngettext_lazy(
        "%(firm)s will see %(count)d licence and may renew it for you, until %(ends)s.",
        "%(firm)s will see %(count)d licences and may renew them for you, until %(ends)s.",
        "count",
    ),
}
EVERYTHING = {
    AccessLevel.VIEW: gettext_lazy("%(firm)s will see all your licences, future ones included, until %(ends)s."),
    AccessLevel.QUOTE: gettext_lazy(
        "%(firm)s will see all your licences, future ones included, and may quote for them, until %(ends)s."
    ),
    AccessLevel.RENEW: gettext_lazy(
        "%(firm)s will see all your licences, future ones included, and may renew them for you, until %(ends)s."
    ),
}


@needs(Power.GRANT_SELECTED)
@both
def review(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Gives access on POST; a second press of the button finds it given."""
    rows = Assignment.objects.visible_to(request.actor).filter(status__in=(Status.DRAFT.value, Status.ACTIVE.value))
    draft = get_object_or_404(rows.select_related("advisor__firm", "contact"), pk=pk)
    if draft.status == Status.ACTIVE:
        return see_other(request, "licences:assignment", draft.pk)
    if request.method == "GET":
        return render(request, TEMPLATE, page_of(request, draft))
    try:
        activate(request.actor, assignment=draft, version=as_number(request.POST.get("version")))
    except Refused as refused:
        messages.error(request, REFUSALS[refused.refusal])
        return see_other(request, WHERE.get(refused.refusal, "licences:add-access"), draft.pk)
    except Stale:
        return render(request, TEMPLATE, page_of(request, draft) | {"changed": True}, status=409)
    messages.success(request, _("%(firm)s has access now, and its contact is told.") % {"firm": draft.advisor.name})
    return see_other(request, "licences:assignments")


def page_of(request: KnownRequest, draft: Assignment) -> dict[str, Any]:
    """What the step shows."""
    rows = shared_rows(request, draft)
    count = rows.count()
    terms = terms_of(draft)
    country = request.membership.organisation.country
    today = today_of(request.actor)
    policy = policy_on(today)
    return shown(
        request,
        draft,
        4,
        headline=headline(draft, count),
        allows=ALLOWS[terms.level],
        rows=rows.order_by("expires_on", "coverage")[:LISTED],
        count=count,
        more=max(0, count - LISTED),
        short=shortfall(rows, ends_on=draft.ends_on, today=today, policy=policy),
        asked_on=policy.next_notice(draft.ends_on, today=today),
        goes_on_to=policy.extended(draft.ends_on) if draft.auto_extend else None,
        may_confirm=allows(request.actor, power_to_give(terms)),
        ask=CountryContact.objects.filter(country=country).first(),
        may_quote=terms.level >= AccessLevel.QUOTE,
    )


def shared_rows(request: KnownRequest, draft: Assignment) -> QuerySet[Visibility]:
    """The licences that confirming would share."""
    rows = Visibility.objects.visible_to(request.actor).select_related("coverage__licence__product")
    if draft.scope == Scope.ALL:
        return rows
    return rows.filter(coverage__in=Selection.objects.filter(assignment=draft).values("coverage"))


def headline(draft: Assignment, count: int) -> str:
    """What will be, in one sentence (6-interface, "The headline says the state")."""
    words = {"firm": draft.advisor.name, "count": count, "ends": dates.day(draft.ends_on)}
    phrases = EVERYTHING if draft.scope == Scope.ALL else SELECTED
    return str(phrases[AccessLevel(draft.level)] % words)
