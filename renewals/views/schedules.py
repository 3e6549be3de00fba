"""The programme's price schedules: versions, what each changes, publishing, withdrawing, files in and out."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.rules import Power
from accounts.views.gate import KnownRequest, needs
from interface import dates
from interface.answers import conflict, invalid, see_other
from interface.paging import page
from licences.imports.tables import MAX_BYTES
from licences.imports.unreadable import UnreadableFile
from licences.models import PROGRAMMES, Product
from renewals.exports.prices import prices_csv
from renewals.forms.prices import FLAWS, OBSTACLES, MoveForm, PriceFileForm, PublishForm
from renewals.imports.prices import read_prices
from renewals.models import Price, PriceSchedule
from renewals.rules.listing import Flaw
from renewals.rules.schedules import ScheduleRefused
from renewals.services.prices import import_prices, move_prices
from renewals.services.schedules import discard_schedule, draft_schedule, publish_schedule, withdraw_schedule
from renewals.views import price_list
from renewals.views.standing import Standing, standing

MOST_REFUSED = 200
PAST_SHOWN = 5
PAST = ("past", "replaced")
keeps = needs(Power.KEEP_PRICES)


def found(request: KnownRequest, pk: UUID) -> PriceSchedule:
    return get_object_or_404(PriceSchedule.objects.visible_to(request.actor), pk=pk)


@require_GET
@keeps
def schedules(request: KnownRequest) -> HttpResponse:
    """Every programme with its versions: drafts, the next, the one in force, the last of the past."""
    today = dates.today()
    versions = PriceSchedule.objects.visible_to(request.actor).annotate(count=Count("prices"))
    ordered = versions.order_by("-state", "-valid_from", "-pk")
    by_programme: dict[str, list[Standing]] = {code: [] for code in PROGRAMMES}
    for version in ordered:
        by_programme[version.programme].append(standing(version, today))
    groups = [{"code": code, "label": PROGRAMMES[code], **shown(rows)} for code, rows in by_programme.items()]
    return render(request, "renewals/pricing/schedules.html", {"groups": groups})


def shown(rows: list[Standing]) -> dict[str, Any]:
    """Drafts first, then by day; of the past only the last few."""
    past = sorted(
        (row for row in rows if row.state in PAST), key=lambda row: str(row.schedule.valid_from), reverse=True
    )
    rest = sorted((row for row in rows if row.state not in PAST), key=lambda row: row.state != "draft")
    return {"rows": rest + past[:PAST_SHOWN], "earlier": max(0, len(past) - PAST_SHOWN)}


@require_POST
@keeps
def new(request: KnownRequest) -> HttpResponse:
    """A draft: a copy of the version that is named, else of the one in force."""
    programme = request.POST.get("programme", "")
    if programme not in PROGRAMMES:
        return see_other(request, "renewals:schedules")
    copied = in_force(request, programme, dates.today())
    draft = draft_schedule(request.actor, programme=programme, copy_of=copied.pk if copied else None)
    messages.success(request, _("The draft is a copy of the prices in force. Nothing changes until you publish it."))
    return see_other(request, "renewals:schedule", draft.pk)


def in_force(request: KnownRequest, programme: str, on: date) -> PriceSchedule | None:
    return PriceSchedule.objects.visible_to(request.actor).in_force(on).filter(programme=programme).first()


@require_GET
@keeps
def schedule(request: KnownRequest, pk: UUID) -> HttpResponse:
    return render(request, "renewals/pricing/schedule.html", context(request, found(request, pk)))


def context(request: KnownRequest, version: PriceSchedule, **forms: Any) -> dict[str, Any]:
    """A version beside the one that it follows: what is new, changed, unchanged and removed."""
    today = dates.today()
    before = in_force(request, version.programme, follows(version, today))
    before = None if before is None or before.pk == version.pk else before
    state = request.GET.get("state", "")
    here, gone = beside(request, version, before)
    kept = here.values_list("state").annotate(Count("pk")).order_by()
    counts: dict[str, int] = {"removed": gone.count(), **dict(kept)}
    shown = page(chosen(here, gone, state), request.GET, keys=price_list.FLAT_KEYS)
    return {
        "version": standing(version, today),
        "before": before,
        "counts": counts,
        "total": sum(counts.values()) - counts["removed"],
        "state": state,
        "page": shown,
        "lines": price_list.lines(shown),
        "refused": refusals(version),
        "publish_form": PublishForm(initial={"valid_from": version.valid_from or today + timedelta(1)}),
        "move_form": MoveForm(),
    } | forms


def follows(version: PriceSchedule, today: date) -> date:
    """The last day of what it replaces: a draft replaces what is in force."""
    return version.valid_from - timedelta(1) if version.state == "published" and version.valid_from else today


def beside(request: KnownRequest, version: PriceSchedule, before: PriceSchedule | None) -> tuple[Any, Any]:
    """The prices of the version with what became of each, and those of the one before that it lacks."""
    prices = Price.objects.visible_to(request.actor)
    old = [before.pk] if before else []
    return prices.filter(schedule=version).beside(old), prices.filter(schedule__in=old).gone_from(version.pk)


def chosen(here: Any, gone: Any, state: str) -> Any:
    if state == "removed":
        return gone.values(*price_list.FLAT)
    rows = here.filter(state=state) if state in ("new", "changed", "unchanged") else here
    return rows.values(*price_list.FLAT, "old_amount", "old_max", "state")


def refusals(version: PriceSchedule) -> list[dict[str, Any]]:
    """The lines of the file that were refused, each with its reason in words."""
    told = [(each, FLAWS[Flaw(each["flaw"])]) for each in version.refused[:MOST_REFUSED]]
    return [{"line": each["line"], "reason": words % each} for each, words in told]


@require_POST
@keeps
def publish(request: KnownRequest, pk: UUID) -> HttpResponse:
    version, form = found(request, pk), PublishForm(request.POST)
    if form.is_valid():
        try:
            done = publish_schedule(request.actor, version, form.publication(), today=dates.today())
        except ScheduleRefused as refusal:
            form.add_error("valid_from", OBSTACLES[refusal.obstacle])
        else:
            told = _("Published: these prices are valid from %(day)s.") % {"day": dates.day_spoken(_first(done))}
            messages.success(request, told)
            return see_other(request, "renewals:schedules")
    return invalid(request, "renewals/pricing/schedule.html", context(request, version, publish_form=form))


def _first(version: PriceSchedule) -> date:
    return version.valid_from or date.min


@require_POST
@keeps
def withdraw(request: KnownRequest, pk: UUID) -> HttpResponse:
    try:
        withdraw_schedule(request.actor, found(request, pk), today=dates.today())
    except ScheduleRefused as refusal:
        return conflict(request, OBSTACLES[refusal.obstacle])
    messages.success(request, _("Withdrawn: it is a draft again, and the version before it stays in force."))
    return see_other(request, "renewals:schedule", pk)


@require_POST
@keeps
def discard(request: KnownRequest, pk: UUID) -> HttpResponse:
    try:
        discard_schedule(request.actor, found(request, pk))
    except ScheduleRefused as refusal:
        return conflict(request, OBSTACLES[refusal.obstacle])
    messages.success(request, _("The draft is deleted."))
    return see_other(request, "renewals:schedules")


@require_POST
@keeps
def move(request: KnownRequest, pk: UUID) -> HttpResponse:
    version, form = found(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        return invalid(request, "renewals/pricing/schedule.html", context(request, version, move_form=form))
    try:
        move_prices(request.actor, version, percent=form.cleaned_data["percent"])
    except ScheduleRefused as refusal:
        return conflict(request, OBSTACLES[refusal.obstacle])
    messages.success(request, _("Every price of the draft is changed."))
    return see_other(request, "renewals:schedule", pk)


@require_GET
@keeps
def export(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The prices as a file, which the import reads again unchanged."""
    version = found(request, pk)
    name = f"prices-{version.programme}-{version.valid_from or 'draft'}.csv"
    return prices_csv(name, Price.objects.visible_to(request.actor).filter(schedule=version))


@require_http_methods(["GET", "POST"])
@keeps
def upload(request: KnownRequest) -> HttpResponse:
    """A file becomes a draft, which shows what it would change; one that cannot be read leaves nothing behind."""
    form = PriceFileForm(request.POST or None, request.FILES or None)
    if request.method == "GET":
        return render(request, "renewals/pricing/upload.html", {"form": form})
    if form.is_valid():
        try:
            return see_other(request, "renewals:schedule", imported(request, form.cleaned_data).pk)
        except UnreadableFile as error:
            form.add_error("file", str(error))
    return invalid(request, "renewals/pricing/upload.html", {"form": form})


def imported(request: KnownRequest, values: dict[str, Any]) -> PriceSchedule:
    """The draft made of an uploaded file; never more of it is read than the limit."""
    file, programme = values["file"], values["programme"]
    products = dict(Product.objects.filter(customer=None).values_list("name", "pk"))
    read = read_prices(file.read(MAX_BYTES + 1), name=file.name or "", programme=programme, products=products)
    keep = in_force(request, programme, dates.today()) if values["keep"] else None
    kept = keep.pk if keep else None
    return import_prices(request.actor, programme=programme, lines=read.lines, refused=read.refused, keep=kept)
