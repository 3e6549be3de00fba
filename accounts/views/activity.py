"""What happened: the audit entries of one's own organisation, newest first, by day, and as a file."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.audit import AREAS, FINDERS, PHRASES
from accounts.exports import Line, lines
from accounts.forms.activity import ActivityForm
from accounts.models import AuditEntry, Organisation, User
from accounts.querysets import AuditQuerySet
from accounts.rules import Actor
from accounts.services.histories import write_down_export
from accounts.tenancy import ActorRequest
from interface.dates import clock, day
from interface.downloads import csv_answer
from interface.paging import page

LONGEST_FILE = 20_000
COLUMNS = {"person": "actor_user_id", "side": "actor_organisation_id", "customer": "customer_id"}


@require_GET
def activity(request: ActorRequest) -> HttpResponse:
    form = ActivityForm(request.GET, actor=request.actor)
    found = page(filtered(request, form), request.GET, keys=("-id",), size=50)
    told = lines(request.actor, found.rows) if request.actor else []
    context = {
        "form": form,
        "page": found,
        "days": by_day(told),
        "areas": AREAS,
        "kind": request.GET.get("kind", ""),
        "licence": (form.is_valid() and form.cleaned_data["licence"]) or "",
    }
    return render(request, "accounts/activity.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """The same entries as the page's filters show, up to the newest 20,000; that they were taken is an entry, too."""
    form = ActivityForm(request.GET, actor=request.actor)
    rows = filtered(request, form).newest_first()[:LONGEST_FILE]
    told = lines(request.actor, rows) if request.actor else []
    if request.actor:
        write_down_export(request.actor, rows=len(told))
    header = (_("Time"), _("Who"), _("What"), _("Customer"), _("From"))
    rows_told = ((moment(each), each.who, each.text, each.customer, each.side) for each in told)
    return csv_answer("activity.csv", header, rows_told)


def filtered(request: ActorRequest, form: ActivityForm) -> AuditQuerySet[AuditEntry]:
    """The own entries that the address asks for; a filter that is not understood shows everything."""
    entries = AuditEntry.objects.visible_to(request.actor)
    if request.actor is None or not form.is_valid():
        return entries
    wanted = form.cleaned_data
    if area := wanted["kind"]:
        entries = entries.filter(verb__in=[verb for verb, (own, _phrase) in PHRASES.items() if own == area])
    asked = {COLUMNS[name]: wanted[name] for name in COLUMNS if wanted.get(name)}
    entries = entries.filter(**asked).between(*stretch(wanted))
    if licence := wanted["licence"]:
        entries = entries.filter(subject_id__in=subjects(request.actor, str(licence)))
    return entries.filter(named(request.actor, wanted["q"])) if wanted["q"] else entries


def stretch(wanted: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """From when until when: the days that were picked, both inclusive by the reader's clock, or the last so many."""
    start = midnight(wanted["since"]) if wanted["since"] else None
    if wanted["days"]:
        last = timezone.now() - timedelta(days=int(wanted["days"]))
        start = max(start, last) if start else last
    return start, midnight(wanted["until"] + timedelta(1)) if wanted["until"] else None


def midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def subjects(actor: Actor, text: str) -> list[UUID]:
    """What entries may be about, for a text or for the id of a licence, as far as the actor may know it."""
    return [found for finder in FINDERS for found in finder(actor, text)]


def named(actor: Actor, text: str) -> Q:
    """Entries about, or by, whoever has the text in the name; and about licences that have it."""
    organisations = Organisation.objects.visible_to(actor).filter(name__icontains=text).values_list("pk")
    people = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).values_list("pk")
    ids: list[UUID] = [row[0] for row in (*organisations[:200], *people[:200])]
    about = Q(subject_id__in=[*ids, *subjects(actor, text)])
    return about | Q(actor_user_id__in=ids) | Q(customer_id__in=ids) | Q(actor_organisation_id__in=ids)


def by_day(told: list[Line]) -> list[dict[str, Any]]:
    """Lines under the day on which they happened, by the reader's clock."""
    days = groupby(told, key=lambda each: timezone.localdate(each.at))
    return [{"on": on, "is_today": on == timezone.localdate(), "lines": list(found)} for on, found in days]


def moment(each: Line) -> str:
    return f"{day(timezone.localdate(each.at))} {clock(each.at)}".replace("\u00a0", " ")
