"""The advisor's overview: figures, months, what needs attention, and what customers changed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.exports import Line, lines
from accounts.models import AuditEntry
from accounts.rules import Actor
from interface.charts import timeline
from interface.dates import relative
from interface.money import number
from licences.models import Assignment, CustomerVisibility, Visibility
from licences.rules import NO_DATE, Status
from renewals.models import CustomerNote
from renewals.rules.filters import Filters
from renewals.rules.headline import Standing, state
from renewals.views import concerns, months, tasks
from renewals.views.given_up import items
from renewals.views.links import link
from renewals.views.narrowing import address
from renewals.views.pipeline import pipeline
from renewals.views.rows import COLUMNS, rows

ENDING_DAYS = 30
NEW_DAYS = 7
MOST_NOTES = 5
MOST_CHANGES = 5
COUNTED = ("30", "31-60", "61-90", "lapsed")


@dataclass(frozen=True, slots=True)
class Customers:
    """How many customers there are, how many came within a week, and how many of them end soon."""

    total: int
    ending: int
    fresh: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leads to its own list."""

    label: str | Promise
    value: int
    note: str
    url: str
    css: str = ""


def context(actor: Actor, *, today: date) -> dict[str, Any]:
    """Everything that the page shows, in a fixed number of queries."""
    shared, customers = Visibility.objects.visible_to(actor), _customers(actor)
    counts = _counts(shared, today)
    standing = Standing(**{key: counts[key] for key in ("total", "lapsed", "undated", "next_on")})
    columns = months.columns(actor, shared, today=today, with_past=counts["total"] <= months.MOST)
    return {
        "customers": customers,
        "standing": standing,
        "state": state(standing, today=today).value,
        "counts": counts,
        **_largest(shared, today),
        "figures": _figures(counts, customers),
        "months": columns,
        "chart": timeline(columns, today=today),
        "legend": months.legend(columns),
        "pipeline": pipeline(actor, today=today),
        "concerns": concerns.concerns(actor, today=today),
        **_due(counts),
        "notes": _notes(actor),
        "given_up": items(actor),
        "first_steps": tasks.first_steps(actor),
        "feed": _feed(actor),
        "activity_url": link("accounts:activity"),
    }


def _due(counts: dict[str, Any]) -> dict[str, Any]:
    """How much has lapsed or expires within 30 days, and where it is listed."""
    return {"due": counts["n_30"] + counts["n_lapsed"], "due_url": address(Filters(expires="due"))}


def _counts(shared: QuerySet[Visibility], today: date) -> dict[str, Any]:
    """Coverages and licences by period, in one query."""
    within = {key: Q(expires_on__range=Filters(expires=key).dates(today)) for key in COUNTED}
    counted: dict[str, Any] = {f"n_{key}": Count("coverage", filter=asked) for key, asked in within.items()}
    counted |= {f"q_{key}": Sum("quantity", filter=asked, default=0) for key, asked in within.items()}
    counts: dict[str, Any] = shared.aggregate(
        total=Count("coverage"),
        undated=Count("coverage", filter=Q(expires_on=NO_DATE)),
        next_on=Min("expires_on", filter=Q(expires_on__gte=today, expires_on__lt=NO_DATE)),
        customers=Count("customer", filter=within["30"], distinct=True),
        **counted,
    )
    return counts | {"lapsed": counts["n_lapsed"]}


def _customers(actor: Actor) -> Customers:
    now = timezone.now()
    known = CustomerVisibility.objects.visible_to(actor).aggregate(
        total=Count("customer"),
        ending=Count("customer", filter=Q(valid_until__lt=now + timedelta(ENDING_DAYS))),
    )
    fresh = Assignment.objects.visible_to(actor).filter(
        status=Status.ACTIVE, activated_at__gte=now - timedelta(NEW_DAYS)
    )
    return Customers(known["total"], known["ending"], fresh.values("customer").distinct().count())


def _largest(shared: QuerySet[Visibility], today: date) -> dict[str, Any]:
    """The coverage of the next 30 days with the most licences, and how far away its end is."""
    soon = shared.filter(expires_on__range=Filters(expires="30").dates(today))
    found = list(soon.order_by("-quantity", "expires_on", "coverage_id").values(*COLUMNS)[:1])
    if not found:
        return {"largest": None}
    return {"largest": rows(found, today=today)[0], "away": relative(found[0]["expires_on"], today=today)}


def _figures(counts: dict[str, Any], customers: Customers) -> list[Figure]:
    """Six numbers, each the length of the list that it leads to."""
    here = reverse("renewals:customers")
    ending = gettext("Ask them to extend it") if customers.ending else ""
    return [
        Figure(_("Assigned customers"), customers.total, _fresh(customers), here),
        _figure(counts, "30", _("Within 30 days"), "i-soon"),
        _figure(counts, "31-60", _("31 to 60 days")),
        _figure(counts, "61-90", _("61 to 90 days")),
        _figure(counts, "lapsed", pgettext_lazy("coverages", "Lapsed"), "i-late"),
        Figure(_("Access ends soon"), customers.ending, ending, f"{here}?view=ending"),
    ]


def _figure(counts: dict[str, Any], period: str, label: str | Promise, css: str = "") -> Figure:
    licences = counts[f"q_{period}"]
    words = ngettext("%(count)s licence", "%(count)s licences", licences) % {"count": number(licences)}
    return Figure(label, counts[f"n_{period}"], words, address(Filters(expires=period)), css)


def _fresh(customers: Customers) -> str:
    if not customers.fresh:
        return ""
    return ngettext("%(count)s new this week", "%(count)s new this week", customers.fresh) % {"count": customers.fresh}


def _notes(actor: Actor) -> QuerySet[CustomerNote]:
    """The next steps that are due first, of customers that still share something."""
    known = CustomerVisibility.objects.visible_to(actor).values("customer")
    mine = CustomerNote.objects.visible_to(actor).filter(done_at=None, due_on__isnull=False, customer__in=known)
    return mine.select_related("customer").order_by("due_on", "id")[:MOST_NOTES]


def _feed(actor: Actor) -> list[Line]:
    """What customers and the schedule last did to the firm's access."""
    changes = AuditEntry.objects.visible_to(actor).filter(verb__startswith="assignment.")
    return lines(actor, changes.newest_first()[:MOST_CHANGES])
