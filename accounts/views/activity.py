"""What happened: the audit entries of one's own organisation, newest first, by day, and as a file."""

from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.audit import AREAS, PHRASES
from accounts.exports import Line, lines
from accounts.forms.activity import ActivityForm
from accounts.models import AuditEntry, Organisation, User
from accounts.querysets import AuditQuerySet
from accounts.tenancy import ActorRequest
from interface.dates import clock, day
from interface.downloads import csv_answer
from interface.paging import page

LONGEST_FILE = 20_000


@require_GET
def activity(request: ActorRequest) -> HttpResponse:
    form = ActivityForm(request.GET, actor=request.actor)
    found = page(filtered(request, form), request.GET, keys=("-id",), size=50)
    told = lines(request.actor, found.rows) if request.actor else []
    context = {"form": form, "page": found, "days": by_day(told), "areas": AREAS, "kind": request.GET.get("kind", "")}
    return render(request, "accounts/activity.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """The same entries as the page's filters show, up to the newest 20,000."""
    form = ActivityForm(request.GET, actor=request.actor)
    rows = filtered(request, form).newest_first()[:LONGEST_FILE]
    told = lines(request.actor, rows) if request.actor else []
    header = (_("Time"), _("Who"), _("What"), _("Customer"))
    return csv_answer("activity.csv", header, ((moment(each), each.who, each.text, each.customer) for each in told))


def filtered(request: ActorRequest, form: ActivityForm) -> AuditQuerySet[AuditEntry]:
    """The own entries that the address asks for; a filter that is not understood shows everything."""
    entries = AuditEntry.objects.visible_to(request.actor)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    if area := wanted.get("kind"):
        entries = entries.filter(verb__in=[verb for verb, (own, _phrase) in PHRASES.items() if own == area])
    if person := wanted.get("person"):
        entries = entries.filter(actor_user_id=person)
    if customer := wanted.get("customer"):
        entries = entries.filter(customer_id=customer)
    if days := wanted.get("days"):
        entries = entries.filter(at__gte=timezone.now() - timedelta(days=int(days)))
    return entries.filter(named(request, wanted["q"])) if wanted.get("q") else entries


def named(request: ActorRequest, text: str) -> Q:
    """Entries about, or by, whoever has the text in the name."""
    organisations = Organisation.objects.visible_to(request.actor).filter(name__icontains=text).values_list("pk")
    people = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).values_list("pk")
    ids: list[UUID] = [row[0] for row in (*organisations[:200], *people[:200])]
    return Q(actor_user_id__in=ids) | Q(customer_id__in=ids) | Q(subject_id__in=ids) | Q(actor_organisation_id__in=ids)


def by_day(told: list[Line]) -> list[dict[str, Any]]:
    """Lines under the day on which they happened, by the reader's clock."""
    days = groupby(told, key=lambda each: timezone.localdate(each.at))
    return [{"on": on, "is_today": on == timezone.localdate(), "lines": list(found)} for on, found in days]


def moment(each: Line) -> str:
    return f"{day(timezone.localdate(each.at))} {clock(each.at)}".replace("\u00a0", " ")
