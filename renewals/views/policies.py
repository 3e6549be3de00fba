"""The programme's renewal policies and its tiers' discounts: versions, and what each changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.rules import Actor
from accounts.views.gate import KnownRequest
from advisors.models import TIERS
from interface import dates
from interface.answers import conflict, invalid, see_other
from interface.money import number, percent
from licences.models import PROGRAMMES
from renewals.forms.policies import HUNDRED, DiscountForm, PolicyForm
from renewals.forms.prices import OBSTACLES
from renewals.models import RenewalPolicy, TierDiscount
from renewals.rules.schedules import ScheduleRefused
from renewals.services.policies import Numbers, add_discount, add_policy, withdraw_discount, withdraw_policy
from renewals.views.schedules import keeps

FORM = "renewals/pricing/policy.html"
PAST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Version:
    """A policy or a discount, whether it can still be taken back, and what it changes, a sentence each."""

    row: Any
    is_coming: bool
    changes: list[str]


@require_GET
@keeps
def policies(request: KnownRequest) -> HttpResponse:
    return render(request, "renewals/pricing/policies.html", shown(request.actor) | {"form": DiscountForm()})


def shown(actor: Actor) -> dict[str, Any]:
    """Every programme with its versions, and every tier with its discounts, newest first."""
    today = dates.today()
    rows = RenewalPolicy.objects.visible_to(actor).order_by("programme", "-valid_from")
    cuts = TierDiscount.objects.visible_to(actor).order_by("tier", "-valid_from")
    return {
        "groups": grouped(rows, "programme", PROGRAMMES, today),
        "tiers": grouped(cuts, "tier", TIERS, today),
    }


def grouped(rows: Any, key: str, labels: Any, today: date) -> list[dict[str, Any]]:
    found: dict[str, list[Any]] = {code: [] for code in labels}
    for row in rows:
        found[getattr(row, key)].append(row)
    return [{"code": code, "label": labels[code], "rows": versions(each, today)} for code, each in found.items()]


def versions(rows: list[Any], today: date) -> list[Version]:
    """What comes, what is in force, and the last few of the past."""
    begun = next((place for place, row in enumerate(rows) if row.valid_from <= today), len(rows))
    before = [*rows[1:], *([None] if rows else [])]
    return [
        Version(row, row.valid_from > today, list(changes(old, row)) if old else [])
        for row, old in list(zip(rows, before, strict=True))[: begun + 1 + PAST_SHOWN]
    ]


def changes(old: Any, new: Any) -> Iterator[str]:
    """What another version makes of each number: "Reinstatement fee 10 % → 12 %"."""
    for name in (*Numbers.__dataclass_fields__, "share"):
        if hasattr(new, name) and getattr(old, name) != getattr(new, name):
            label = new._meta.get_field(name).verbose_name
            first, second = told(old, name), told(new, name)
            yield f"{str(label).capitalize()}: {first} → {second}"


def told(row: Any, name: str) -> str:
    value = getattr(row, name)
    if name in ("fee", "share"):
        return percent(value)
    return str(row.get_rounding_display()) if name == "rounding" else number(value)


@require_http_methods(["GET", "POST"])
@keeps
def add(request: KnownRequest) -> HttpResponse:
    """A new version: the form, then what it would change, then written."""
    form = PolicyForm(request.POST or None, initial=start(request))
    if request.method == "GET":
        return render(request, FORM, {"form": form})
    if not form.is_valid():
        return invalid(request, FORM, {"form": form})
    if "confirm" not in request.POST:
        return render(request, FORM, {"form": form, "preview": preview(form), "day": form.cleaned_data["valid_from"]})
    values = form.cleaned_data
    own = {"programme": values["programme"], "valid_from": values["valid_from"], "numbers": form.numbers()}
    try:
        add_policy(request.actor, **own, today=dates.today())
    except ScheduleRefused as refusal:
        form.add_error("valid_from", OBSTACLES[refusal.obstacle])
        return invalid(request, FORM, {"form": form})
    messages.success(request, _("The policy is added."))
    return see_other(request, "renewals:policies")


def start(request: KnownRequest) -> dict[str, Any]:
    """The numbers of the newest version of the programme that is asked for."""
    code = request.GET.get("programme", "")
    newest = RenewalPolicy.objects.visible_to(request.actor).filter(programme=code).order_by("-valid_from").first()
    default = RenewalPolicy(programme=code if code in PROGRAMMES else next(iter(PROGRAMMES)))
    return PolicyForm.initial_of(newest or default)


def preview(form: PolicyForm) -> list[str]:
    """What the version would change of the one before it; the defaults where there is none."""
    programme, day = form.cleaned_data["programme"], form.cleaned_data["valid_from"]
    before = RenewalPolicy.objects.filter(programme=programme, valid_from__lt=day).order_by("-valid_from").first()
    wanted = RenewalPolicy(programme=programme, valid_from=day, **form.numbers().values())
    return list(changes(before or RenewalPolicy(programme=programme), wanted))


@require_POST
@keeps
def withdraw(request: KnownRequest, pk: UUID) -> HttpResponse:
    policy = get_object_or_404(RenewalPolicy.objects.visible_to(request.actor), pk=pk)
    try:
        withdraw_policy(request.actor, policy, today=dates.today())
    except ScheduleRefused as refusal:
        return conflict(request, OBSTACLES[refusal.obstacle])
    messages.success(request, _("The policy is taken back."))
    return see_other(request, "renewals:policies")


@require_POST
@keeps
def discount(request: KnownRequest) -> HttpResponse:
    form = DiscountForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        own = {"tier": values["tier"], "valid_from": values["valid_from"], "share": values["percent"] / HUNDRED}
        try:
            add_discount(request.actor, **own, today=dates.today())
        except ScheduleRefused as refusal:
            form.add_error("valid_from", OBSTACLES[refusal.obstacle])
        else:
            messages.success(request, _("The discount is added."))
            return see_other(request, "renewals:policies")
    return invalid(request, "renewals/pricing/policies.html", shown(request.actor) | {"form": form})


@require_POST
@keeps
def drop_discount(request: KnownRequest, pk: UUID) -> HttpResponse:
    cut = get_object_or_404(TierDiscount.objects.visible_to(request.actor), pk=pk)
    try:
        withdraw_discount(request.actor, cut, today=dates.today())
    except ScheduleRefused as refusal:
        return conflict(request, OBSTACLES[refusal.obstacle])
    messages.success(request, _("The discount is taken back."))
    return see_other(request, "renewals:policies")
