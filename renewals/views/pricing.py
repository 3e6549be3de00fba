"""The pricing schedule as customers and advisors read it: what is in force, and what changes when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Organisation
from accounts.permissions import Forbidden
from accounts.rules import Actor, Kind
from accounts.tenancy import ActorRequest
from interface import dates
from interface.money import currency_of
from interface.paging import page
from interface.searches import typed
from licences.models import PROGRAMMES
from renewals.exports.prices import prices_csv
from renewals.models import Price, PriceSchedule, RenewalPolicy
from renewals.views import price_list

READERS = (Kind.CUSTOMER, Kind.ADVISOR, Kind.PROGRAMME)
EVERY = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the page; a customer who names no currency gets its own."""

    q: str
    programme: str
    currency: str
    changes: bool

    def narrowed(self, prices: Any) -> Any:
        wanted = {"product__name__icontains": self.q, "schedule__programme": self.programme, "currency": self.currency}
        return prices.filter(**{name: value for name, value in wanted.items() if value})


def reader(request: ActorRequest) -> Actor:
    """Whoever may have prices to read; which of them, rows and policies decide."""
    if request.actor is None or request.actor.kind not in READERS:
        raise Forbidden
    return request.actor


def asked(actor: Actor, params: QueryDict, currencies: list[str]) -> Asked:
    """What the address says, as far as it makes sense."""
    wanted = params.get("currency") or own_currency(actor)
    return Asked(
        q=typed(params),
        programme=params.get("programme", "") if params.get("programme") in PROGRAMMES else "",
        currency=wanted if wanted in currencies else "",
        changes=params.get("view") == "changes",
    )


def own_currency(actor: Actor) -> str:
    """A customer's, by its country; an advisor's customers may have any."""
    if actor.kind is not Kind.CUSTOMER:
        return EVERY
    return currency_of(Organisation.objects.filter(pk=actor.organisation_id).values_list("country", flat=True)[0])


@dataclass(frozen=True, slots=True)
class Versions:
    """What is in force on a day, and what comes next, by programme."""

    now: dict[str, PriceSchedule]
    coming: dict[str, PriceSchedule]

    @property
    def first_on(self) -> date | None:
        """The next day on which any price changes."""
        return min((each.valid_from for each in self.coming.values() if each.valid_from), default=None)


def versions(actor: Actor, today: date) -> Versions:
    readable = PriceSchedule.objects.visible_to(actor)
    coming = {each.programme: each for each in readable.coming(today).reverse()}  # The next one wins.
    return Versions({each.programme: each for each in readable.in_force(today)}, coming)


@require_GET
def pricing(request: ActorRequest) -> HttpResponse:
    actor, today = reader(request), dates.today()
    found = versions(actor, today)
    prices = Price.objects.visible_to(actor)
    now = prices.filter(schedule__in=[each.pk for each in found.now.values()])
    then = prices.filter(schedule__in=[each.pk for each in found.coming.values()])
    currencies = sorted(now.order_by().values_list("currency", flat=True).distinct())
    wanted = asked(actor, request.GET, currencies)
    context = {
        "asked": wanted,
        "currencies": currencies,
        "programmes": PROGRAMMES,
        "schedules": schedules(found),
        "first_on": found.first_on,
        "today": today,
        "policies": policies(actor, today),
        "is_advisor": actor.kind is Kind.ADVISOR,
    }
    shown = changing(request, wanted, then, found) if wanted.changes else in_force(request, wanted, now, then, found)
    return render(request, "renewals/pricing/list.html", context | shown)


def in_force(request: ActorRequest, wanted: Asked, now: Any, then: Any, found: Versions) -> dict[str, Any]:
    now = wanted.narrowed(now)
    shown = page(now.values(*price_list.KEYS).distinct(), request.GET, keys=price_list.KEYS)
    months = price_list.terms(now)
    rows = price_list.rows(shown, months=months, now=now, then=then, coming=found.coming)
    return {"page": shown, "rows": rows, "terms": [price_list.term(each) for each in months]}


def changing(request: ActorRequest, wanted: Asked, then: Any, found: Versions) -> dict[str, Any]:
    """Only what the next versions change, each price old and new."""
    beside = wanted.narrowed(then).beside(each.pk for each in found.now.values()).exclude(state="unchanged")
    columns = (*price_list.FLAT, "old_amount", "old_max", "state")
    shown = page(beside.values(*columns), request.GET, keys=price_list.FLAT_KEYS)
    return {"page": shown, "lines": price_list.lines(shown)}


def schedules(found: Versions) -> list[dict[str, Any]]:
    """Each programme's version in force, through when, and what follows."""
    return [
        {"label": label, "now": found.now.get(code), "next": found.coming.get(code)}
        for code, label in PROGRAMMES.items()
        if code in found.now or code in found.coming
    ]


def policies(actor: Actor, today: date) -> list[RenewalPolicy]:
    """What lapsed cover costs, in the programmes' order."""
    rows = {row.programme: row for row in RenewalPolicy.objects.visible_to(actor).in_force(today)}
    return [rows[code] for code in PROGRAMMES if code in rows]


@require_GET
def download(request: ActorRequest) -> HttpResponse:
    """What the filters leave of the prices in force, and of those that are published already."""
    actor, today = reader(request), dates.today()
    found = versions(actor, today)
    shown = [each.pk for each in (*found.now.values(), *found.coming.values())]
    prices = Price.objects.visible_to(actor).filter(schedule__in=shown)
    currencies = sorted(prices.order_by().values_list("currency", flat=True).distinct())
    return prices_csv("prices.csv", asked(actor, request.GET, currencies).narrowed(prices), dated=True)
