"""The pipeline as a report: its stages, and what each customer has at risk, first lost first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import Actor, Kind
from accounts.views.gate import KnownRequest
from interface import dates
from renewals.rules.choice import Choice
from renewals.rules.filters import Filters
from renewals.rules.pipeline import WINDOW, Held, worth
from renewals.views.links import link
from renewals.views.narrowing import address
from renewals.views.pipeline import ALIKE, expiring, held, pipeline, prices_of, spoken, units_of

MOST = 50
KEY = ("customer__slug", "customer__name")


@dataclass(frozen=True, slots=True)
class Share:
    """One customer's part of what is at risk; `first_on` is the day on which the first of it expires."""

    customer: str
    coverages: int
    money: str
    first_on: date
    url: str
    quote_url: str


@require_safe
def report(request: KnownRequest) -> HttpResponse:
    actor, today = request.actor, dates.today()
    if actor is None or actor.kind not in (Kind.CUSTOMER, Kind.ADVISOR):
        raise Http404
    advises = actor.kind is Kind.ADVISOR
    context = {
        "pipeline": pipeline(actor, today=today),
        "advises": advises,
        "last_on": today + WINDOW,
        "shares": shares(actor, today=today) if advises else [],
    }
    return render(request, "renewals/pipeline.html", context)


def shares(actor: Actor, *, today: date) -> list[Share]:
    """The MOST customers that lose something first, in two queries."""
    rows = expiring(actor, today=today).filter(is_ordered=False, given_up__lt=F("quantity")).values_list(*KEY, *ALIKE)
    found: dict[tuple[str, str], tuple[date, list[Held]]] = {}
    for slug, name, *alike, count, first_on in rows.annotate(count=Count("coverage"), first_on=Min("expires_on")):
        known = found.get((slug, name), (first_on, []))
        found[slug, name] = min(known[0], first_on), [*known[1], held([*alike, count])]
    first = sorted(found.items(), key=lambda each: (each[1][0], each[0]))[:MOST]
    return told(actor, dict(first), today=today)


def told(actor: Actor, found: Mapping[tuple[str, str], tuple[date, list[Held]]], *, today: date) -> list[Share]:
    every = [each for _first, theirs in found.values() for each in theirs]
    prices: dict[str, Any] = {"prices": prices_of(actor, every, today), "on": today, "units": units_of(every)}
    return [share(slug, name, first_on, worth(theirs, **prices)) for (slug, name), (first_on, theirs) in found.items()]


def share(slug: str, name: str, first_on: date, tally: Any) -> Share:
    quoting = link("renewals:quote-new")
    return Share(
        customer=name,
        coverages=tally.coverages,
        money=spoken(tally),
        first_on=first_on,
        url=address(Filters(customer=slug, expires="due")),
        quote_url=f"{quoting}?{Choice(customer=slug).query()}" if quoting else "",
    )
