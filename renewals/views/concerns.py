"""What needs attention, in words: the rules choose, this names."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.permissions import LEVEL_POWERS
from accounts.rules import AccessLevel, Actor, Power
from interface import dates
from licences.models import Visibility
from renewals.rules.attention import Candidate, Matter, Reason, attention, windows
from renewals.rules.choice import Choice
from renewals.views.rows import COLUMNS, Row, rows

MOST = 10
# Of the soonest so many are chosen; whoever has more to do than this begins with these.
CONSIDERED = 1_000
FACTS = ("coverage_id", "customer_id", "expires_on", "quantity", "access_level", "assignment__ends_on")


@dataclass(frozen=True, slots=True)
class Concern:
    """One line: the coverage, or several alike, why it is here, and the date that says so."""

    row: Row
    what: str
    why: str
    date: date
    quote_url: str = ""


def concerns(actor: Actor, *, today: date) -> list[Concern]:
    """At most MOST, in two queries."""
    matters = attention(_candidates(actor, today), today, most=MOST)
    found = Visibility.objects.visible_to(actor).filter(coverage__in=[each.candidate.coverage for each in matters])
    named = {row.coverage_id: row for row in rows(found.values(*COLUMNS), today=today)}
    return [
        Concern(row, _what(each, row), _why(each, today), each.candidate.expires_on, _quoting(each, row))
        for each in matters
        if (row := named.get(each.candidate.coverage))
    ]


def _candidates(actor: Actor, today: date) -> list[Candidate]:
    closing, near = windows(today)
    within = Q(expires_on__range=closing) | Q(expires_on__range=near)
    found = Visibility.objects.visible_to(actor).filter(within).order_by("expires_on", "coverage_id")
    return [
        Candidate(
            coverage=each["coverage_id"],
            customer=each["customer_id"],
            expires_on=each["expires_on"],
            quantity=each["quantity"],
            level=AccessLevel(each["access_level"]),
            access_until=each["assignment__ends_on"],
        )
        for each in found.values(*FACTS)[:CONSIDERED]
    ]


def _quoting(matter: Matter, row: Row) -> str:
    """The builder with this coverage, or with all of the customer's where several are meant; empty without prices."""
    if Power.BUILD_QUOTES not in LEVEL_POWERS[matter.candidate.level]:
        return ""
    alone = (matter.candidate.coverage,) if matter.coverages == 1 else ()
    return f"{reverse('renewals:quote-new')}?{Choice(customer=row.slug, coverages=alone).query()}"


def _what(matter: Matter, row: Row) -> str:
    if matter.coverages > 1:
        return ngettext("%(count)s coverage", "%(count)s coverages", matter.coverages) % {"count": matter.coverages}
    return f"{row.product} · {row.quantity}"


def _why(matter: Matter, today: date) -> str:
    expires_on, until = matter.candidate.expires_on, matter.candidate.access_until
    if matter.reason is Reason.CLOSING:
        days = (matter.lost_on - today).days + 1
        return ngettext(
            "After %(count)s more day the gap can no longer be closed",
            "After %(count)s more days the gap can no longer be closed",
            days,
        ) % {"count": days}
    if matter.reason is Reason.ACCESS_ENDS:
        days = (expires_on - until).days
        return ngettext(
            "Your access ends the day before it expires", "Your access ends %(count)s days before it expires", days
        ) % {"count": days}
    return {
        Reason.LAPSED: gettext("Not covered since %(date)s; the gap can still be closed"),
        Reason.NO_PRICES: gettext("You see the dates but not the prices"),
        Reason.LARGEST: gettext("The most licences of the next 30 days"),
    }.get(matter.reason, gettext("Covered until %(date)s")) % {"date": dates.day(expires_on)}
