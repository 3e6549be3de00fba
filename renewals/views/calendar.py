"""The calendar of reminders: what will be sent in the next 90 days, and to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from accounts.rules import Kind, Power
from accounts.views.gate import KnownRequest, needs
from interface import dates
from renewals.letters.wording import WHY, window_label
from renewals.services.calendar import DAYS, Planned, planned
from renewals.views.reminders import reader_names

STRETCH = 30
FEW_READERS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One window of a day: how many coverages, some of their names, and who is told."""

    window: str
    coverages: int
    products: str
    customers: str
    readers: list[tuple[str, str | Promise]]
    more: int


@require_GET
@needs(Power.SNOOZE_REMINDERS)
def calendar(request: KnownRequest) -> HttpResponse:
    stretches = [f"{start}" for start in range(0, DAYS, STRETCH)]
    start = int(asked) if (asked := request.GET.get("from", "0")) in stretches else 0
    first = dates.today() + timedelta(start + 1)
    rows = planned(request.actor, first=first, last=first + timedelta(STRETCH - 1))
    context = {
        "days": days(rows),
        "stretches": [(each, int(each) + 1, int(each) + STRETCH) for each in stretches],
        "start": f"{start}",
        "advises": request.actor.kind is Kind.ADVISOR,
    }
    return render(request, "renewals/calendar.html", context)


def days(rows: Iterable[Planned]) -> list[tuple[date, list[Line]]]:
    """By the day on which they leave, with their readers' names in two queries."""
    rows = sorted(rows, key=attrgetter("leaves_on"))
    names = reader_names({reader for row in rows for reader, _ in row.readers})
    return [(day, [line(row, names) for row in found]) for day, found in groupby(rows, key=attrgetter("leaves_on"))]


def line(row: Planned, names: dict[UUID, str]) -> Line:
    readers = sorted((names[reader], str(WHY.get(why, ""))) for reader, why in row.readers if names.get(reader))
    return Line(
        window=window_label(row.window),
        coverages=row.coverages,
        products=", ".join(row.products),
        customers=", ".join(row.customers[:3]),
        readers=list(readers[:FEW_READERS]),
        more=max(len(row.readers) - FEW_READERS, 0),
    )
