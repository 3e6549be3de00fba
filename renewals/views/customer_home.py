"""The customer's home: how its coverages stand, what to do, and who helps."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from accounts.models import CountryContact, Organisation
from accounts.permissions import allows
from accounts.rules import Actor, Power
from interface.charts import Strip, month_add
from interface.dates import relative
from interface.money import number
from licences.models import PROGRAMMES, CoverageTerm, Visibility
from licences.rules import NO_DATE
from licences.views.waiting import waiting
from renewals.rules.headline import Standing, state
from renewals.services.bases import boundaries_on
from renewals.views import advising, tasks
from renewals.views.given_up import Mark, items, marks
from renewals.views.links import link
from renewals.views.pipeline import pipeline
from renewals.views.quotes.shown import Shown, seen, shown

MOST = 12
OPEN = ("draft", "submitted")
NEXT = 5
MONTHS_BEFORE, MONTHS_AFTER = 10, 20
PRODUCT = "coverage__licence__product__name"
COLUMNS = ("coverage_id", "expires_on", "quantity", "programme", "coverage__licence", "coverage__starts_on", PRODUCT)
Term = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Bar:
    """One coverage on the strip."""

    product: str
    programme: str | Promise
    quantity: str
    drawing: SafeString
    expires_on: date
    url: str
    mark: Mark | None


def context(actor: Actor, *, today: date) -> dict[str, Any]:
    """Everything that the page shows, in a fixed number of queries."""
    mine = Visibility.objects.visible_to(actor)
    counts = _counts(mine, today)
    standing = Standing(**{key: counts[key] for key in ("total", "lapsed", "undated", "next_on")})
    bars = _bars(actor, _urgent(mine, today), today)
    return {
        "standing": standing,
        "state": state(standing, today=today).value,
        "counts": counts,
        "away": relative(standing.next_on, today=today) if standing.next_on else "",
        "axis": _strip(today).axis(),
        "bars": bars,
        "next": bars[:NEXT],
        "quotes": saved(actor),
        "pipeline": pipeline(actor, today=today),
        "tasks": tasks.tasks(actor, advising.tally(actor, mine), coverages=standing.total),
        **_asked(actor),
        "advisors": advising.advisors(actor, total=standing.total),
        "ask": _whom_to_ask(actor),
        "add_url": link("licences:add") if allows(actor, Power.GRANT_SELECTED) else "",
        "first_steps": tasks.first_steps(actor),
        "licences_url": link("licences:list"),
        "assignments_url": link("licences:assignments"),
    }


def _asked(actor: Actor) -> dict[str, Any]:
    """What waits for an answer, and what is decided not to be renewed."""
    found = items(actor)
    return {
        "requests": waiting(actor),
        "proposals": [each for each in found if each.asks],
        "given_up": [each for each in found if not each.asks],
    }


def saved(actor: Actor) -> list[Shown]:
    """The newest quotes that nobody has answered yet, and those whose order has to be placed."""
    rows = seen(actor).filter(Q(state__in=OPEN) | Q(state="accepted", orders__state="to_place"))
    return [shown(actor, each) for each in rows.order_by("-id")[:NEXT]]


def _counts(mine: QuerySet[Visibility], today: date) -> dict[str, Any]:
    """Coverages and licences, expiry dates, and how many coverages expire on the nearest of them."""
    dated, ahead = Q(expires_on__lt=NO_DATE), Q(expires_on__gte=today, expires_on__lt=NO_DATE)
    counts: dict[str, Any] = mine.aggregate(
        total=Count("coverage"),
        licences=Sum("quantity", default=0),
        days=Count("expires_on", filter=dated, distinct=True),
        lapsed=Count("coverage", filter=Q(expires_on__lt=today)),
        undated=Count("coverage", filter=~dated),
        next_on=Min("expires_on", filter=ahead),
    )
    return counts | {"due": mine.filter(expires_on=counts["next_on"]).count() if counts["next_on"] else 0}


def _urgent(mine: QuerySet[Visibility], today: date) -> list[dict[str, Any]]:
    """What can still be renewed or reinstated, the most urgent first."""
    open_gaps = Q(expires_on__gte=today)
    for code, boundary in boundaries_on(today).items():
        open_gaps |= Q(programme=code, expires_on__gte=today - timedelta(boundary))
    within = mine.filter(open_gaps, expires_on__lt=NO_DATE)
    return list(within.order_by("expires_on", "coverage_id").values(*COLUMNS)[:MOST])


def _strip(today: date) -> Strip:
    first = today.replace(day=1)
    return Strip(month_add(first, -MONTHS_BEFORE), month_add(first, MONTHS_AFTER), today)


def _bars(actor: Actor, rows: list[dict[str, Any]], today: date) -> list[Bar]:
    ids = [row["coverage_id"] for row in rows]
    strip, bought, marked = _strip(today), _terms(actor, ids), marks(actor, ids)
    return [
        Bar(
            product=row[PRODUCT],
            programme=PROGRAMMES[row["programme"]],
            quantity=number(row["quantity"]),
            drawing=strip.bar(_drawn(bought[row["coverage_id"]], row, strip.start)),
            expires_on=row["expires_on"],
            url=link("licences:licence", row["coverage__licence"]),
            mark=marked.get(row["coverage_id"]),
        )
        for row in rows
    ]


def _terms(actor: Actor, coverages: list[UUID]) -> dict[UUID, list[Term]]:
    found: dict[UUID, list[Term]] = defaultdict(list)
    terms = CoverageTerm.objects.visible_to(actor).filter(coverage__in=coverages).order_by("starts_on", "id")
    for coverage, starts_on, ends_on in terms.values_list("coverage_id", "starts_on", "ends_on"):
        found[coverage].append((starts_on, ends_on))
    return found


def _drawn(terms: list[Term], row: dict[str, Any], start: date) -> list[Term]:
    """The terms that reach into the strip; a coverage without history is drawn from its own dates."""
    last = (terms and terms[-1]) or (row["coverage__starts_on"] or start, row["expires_on"])
    return [term for term in terms[:-1] if term[1] >= start] + [(min(last[0], row["expires_on"]), row["expires_on"])]


def _whom_to_ask(actor: Actor) -> CountryContact | None:
    """The programme's contact for the customer's country (1-product, "Whom to ask")."""
    home = Organisation.objects.filter(pk=actor.organisation_id).values("country")
    return CountryContact.objects.filter(country__in=home).first()
