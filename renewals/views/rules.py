"""The editor of the rules: when reminders are sent, with what a change would bring in the next 90 days."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.rules import Actor, Kind, Power
from accounts.views.gate import KnownRequest, needs
from interface import dates
from interface.answers import invalid, see_other
from licences.models import PROGRAMMES, Visibility
from renewals.forms.rules import RuleForm
from renewals.letters.wording import window_label
from renewals.models import ReminderRule
from renewals.services.rules import Place, drop_rule, effect, place_of, schedule_at, set_rule

PAGE = "renewals/rule.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """A programme's rule as the list shows it."""

    code: str
    label: Any
    own: bool
    before: str
    after: str
    warnings: str
    notice: int | None


@require_GET
@needs(Power.SET_REMINDERS)
def rules(request: KnownRequest) -> HttpResponse:
    actor = request.actor
    special = ReminderRule.objects.visible_to(actor).filter(customer=actor.organisation_id, coverage__isnull=False)
    context = {
        "rows": [row(actor, code) for code in PROGRAMMES],
        "special": special.select_related("coverage__licence__product").order_by("-changed_at")[:50],
        "is_customer": actor.kind is Kind.CUSTOMER,
    }
    return render(request, "renewals/rules.html", context)


def row(actor: Actor, code: str) -> Shown:
    place = place_of(actor, code)
    own = place.customer is not None and ReminderRule.objects.filter(**place.where()).exists()
    return Shown(code, PROGRAMMES[code], own, **RuleForm.initial_of(schedule_at(place)))


@require_http_methods(["GET", "POST"])
@needs(Power.SET_REMINDERS)
def rule(request: KnownRequest, code: str) -> HttpResponse:
    if code not in PROGRAMMES:
        raise Http404
    return edited(request, place_of(request.actor, code), name=PROGRAMMES[code])


@require_http_methods(["GET", "POST"])
@needs(Power.SET_REMINDERS)
def coverage_rule(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Of one coverage: its customer's alone."""
    own = Visibility.objects.visible_to(request.actor).filter(customer=request.actor.organisation_id)
    seen = get_object_or_404(own.select_related("coverage__licence__product"), coverage=pk)
    place = place_of(request.actor, seen.programme, coverage=pk)
    return edited(request, place, name=seen.coverage.licence.product.name)


def edited(request: KnownRequest, place: Place, *, name: Any) -> HttpResponse:
    """The form, then what it would bring, then written; `drop` follows the wider rule again."""
    if "drop" in request.POST:
        drop_rule(request.actor, place)
        messages.success(request, _("The wider rule counts again."))
        return see_other(request, "renewals:rules")
    form = RuleForm(request.POST or None, initial=RuleForm.initial_of(schedule_at(place)))
    context = {"form": form, "name": name, "may_drop": own_rule(place), "is_customer": place.customer is not None}
    if request.method == "GET":
        return render(request, PAGE, context)
    if not form.is_valid():
        return invalid(request, PAGE, context)
    if "confirm" not in request.POST:
        return render(request, PAGE, context | {"effect": told(request.actor, place, form), "asked": True})
    set_rule(request.actor, place, form.schedule(), today=dates.today())
    messages.success(request, _("Reminders follow this rule from now on."))
    return see_other(request, "renewals:rules")


def own_rule(place: Place) -> bool:
    return place.customer is not None and ReminderRule.objects.filter(**place.where()).exists()


def told(actor: Actor, place: Place, form: RuleForm) -> list[tuple[str, int, int]]:
    """Window by window how many reminders the next 90 days bring, before and after."""
    before, after = effect(actor, place, form.schedule(), today=dates.today())
    return [(window_label(code), before.get(code, 0), after.get(code, 0)) for code in sorted({*before, *after})]
