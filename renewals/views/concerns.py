"""What needs attention, in words: the rules choose, this names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import LEVEL_POWERS
from accounts.rules import AccessLevel, Actor, Power
from interface import dates
from interface.money import number
from licences.models import Visibility
from renewals.models import Decision
from renewals.querysets.decisions import given_up
from renewals.rules.attention import Candidate, Matter, Pending, Reason, attention, closing, near
from renewals.rules.choice import Choice
from renewals.services.bases import boundaries_on
from renewals.views import offers
from renewals.views.rows import COLUMNS, Row, rows

MOST = 10
# Of the soonest so many are chosen; whoever has more to do than this begins with these.
CONSIDERED = 1_000
FACTS = (
    "coverage_id",
    "customer_id",
    "programme",
    "expires_on",
    "left",
    "access_level",
    "assignment_id",
    "assignment__ends_on",
)

ASKED: dict[Reason, str | Promise] = {
    Reason.NO_PRICES: _("Ask for access"),
    Reason.ACCESS_ENDS: _("Ask for a later end"),
}


@dataclass(frozen=True, slots=True)
class Concern:
    """One line: what it is about, why it is here, the date that says so, and one next step."""

    customer: str
    slug: str
    what: str
    why: str
    date: date
    url: str
    step: str


def concerns(actor: Actor, *, today: date) -> list[Concern]:
    """At most MOST, in a fixed number of queries."""
    waiting = offers.open_offers(actor, today=today)
    quotes = [each.offer for each in waiting.values()]
    matters = attention(_candidates(actor, today), today, most=MOST, offers=quotes)
    named = _rows(actor, [each for each in matters if isinstance(each, Matter)], today)
    told = (
        _quote(each, waiting[each.offer.quote], today) if isinstance(each, Pending) else _coverage(each, named, today)
        for each in matters
    )
    return [each for each in told if each]


def _candidates(actor: Actor, today: date) -> list[Candidate]:
    """What may need attention, with the seats that are still to be renewed."""
    boundaries, within = boundaries_on(today), Q(expires_on__range=near(today))
    for code, boundary in boundaries.items():
        within |= Q(programme=code, expires_on__range=closing(today, boundary=boundary))
    found = Visibility.objects.visible_to(actor).filter(within).annotate(left=F("quantity") - given_up(Decision))
    return [
        Candidate(
            coverage=each["coverage_id"],
            customer=each["customer_id"],
            expires_on=each["expires_on"],
            quantity=each["left"],
            level=AccessLevel(each["access_level"]),
            access_until=each["assignment__ends_on"],
            boundary=boundaries[each["programme"]],
            assignment=each["assignment_id"],
        )
        for each in found.filter(left__gt=0).order_by("expires_on", "coverage_id").values(*FACTS)[:CONSIDERED]
    ]


def _rows(actor: Actor, matters: list[Matter], today: date) -> dict[UUID, Row]:
    found = Visibility.objects.visible_to(actor).filter(coverage__in=[each.candidate.coverage for each in matters])
    return {row.coverage_id: row for row in rows(found.values(*COLUMNS), today=today)}


def _quote(each: Pending, named: offers.Named, today: date) -> Concern:
    return Concern(
        customer=named.customer,
        slug=named.slug,
        what=offers.what(each.offer),
        why=offers.why(each, today),
        date=each.lost_on,
        url=offers.address(each),
        step=str(offers.STEPS[each.reason]),
    )


def _coverage(each: Matter, named: dict[UUID, Row], today: date) -> Concern | None:
    """None where it has gone out of sight meanwhile."""
    if (row := named.get(each.candidate.coverage)) is None:
        return None
    step, url = _step(each, row)
    return Concern(
        customer=row.customer,
        slug=row.slug,
        what=_what(each, row),
        why=_why(each, today),
        date=each.candidate.expires_on,
        url=url,
        step=step,
    )


def _step(matter: Matter, row: Row) -> tuple[str, str]:
    """What mends it, and where: more access where that is what is missing, a quote, or a look at the customer."""
    assignment = matter.candidate.assignment
    if assignment and matter.reason in ASKED:
        return str(ASKED[matter.reason]), reverse("licences:ask", args=[assignment])
    if quoting := _quoting(matter, row):
        return gettext("Prepare a quote"), quoting
    return gettext("Open customer"), reverse("renewals:customer", args=[row.slug])


def _quoting(matter: Matter, row: Row) -> str:
    """The builder with this coverage, or with all of the customer's where several are meant; empty without prices."""
    if Power.BUILD_QUOTES not in LEVEL_POWERS[matter.candidate.level]:
        return ""
    alone = (matter.candidate.coverage,) if matter.coverages == 1 else ()
    return f"{reverse('renewals:quote-new')}?{Choice(customer=row.slug, coverages=alone).query()}"


def _what(matter: Matter, row: Row) -> str:
    """The product with the seats that are still to be renewed."""
    if matter.coverages > 1:
        return ngettext("%(count)s coverage", "%(count)s coverages", matter.coverages) % {"count": matter.coverages}
    return f"{row.product} · {number(matter.candidate.quantity)}"


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
