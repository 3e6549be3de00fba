"""One licence: its coverage over time with the gaps, who has access, and what happened to it."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from accounts.exports import lines
from accounts.models import AuditEntry
from accounts.permissions import allows
from accounts.rules import AccessLevel, Actor, Kind, Power
from interface import dates
from interface.charts import Strip
from interface.money import money_exact
from licences.models import PROGRAMMES, Assignment, CoverageTerm, Licence, Visibility
from licences.rules import NO_DATE
from licences.rules.access import Grant, effective
from licences.rules.serials import masked
from licences.services.grants import named_by, terms_of
from licences.services.leads import leads_of
from licences.services.support import write_down_look
from licences.views.gate import KnownRequest
from licences.views.remarks import remarks

BEFORE, AFTER, MOST = timedelta(365), timedelta(120), timedelta(5 * 365)
MOST_EVENTS = 10


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time with cover, or without when `is_gap`; both days inclusive."""

    starts_on: date
    ends_on: date
    quantity: int = 0
    is_gap: bool = False
    cost: str = ""
    order_number: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """A coverage as the page shows it; `level` and `access_until` are those of an advisor who looks at it."""

    id: UUID
    programme: str | Promise
    quantity: int
    expires_on: date | None
    stretches: list[Stretch]
    bar: SafeString | str
    level: int
    access_until: date | None
    you_lead: bool = False
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Access:
    """What a firm may do with one coverage."""

    assignment: Assignment
    coverage: UUID
    programme: str | Promise
    level: int
    ends_on: date
    leads: bool


@require_GET
def licence(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For its customer, and for advisors as far as they may see it; a foreign licence is not there."""
    actor = request.actor
    found = get_object_or_404(Licence.objects.visible_to(actor).select_related("product", "customer"), pk=pk)
    is_own = actor.kind is Kind.CUSTOMER
    if actor.kind is Kind.PROGRAMME:
        write_down_look(actor, customer_id=found.customer_id, subject_id=found.pk)
    covers, strip = covers_of(actor, found, today=dates.today())
    context = {
        "licence": found,
        "serial": found.serial if is_own else masked(found.serial),
        "is_own": is_own,
        "may_edit": allows(actor, Power.EDIT_LICENCES),
        "may_certify": actor.kind in (Kind.CUSTOMER, Kind.ADVISOR),
        "may_snooze": allows(actor, Power.SNOOZE_REMINDERS),
        "may_name": is_own and allows(actor, Power.GRANT_SELECTED),
        "covers": covers,
        "quote_query": quote_query(actor, found, covers),
        "axis": strip.axis(every=6),
        "has_more_programmes": len(covers) < len(PROGRAMMES),
        "access": access_of(actor, covers) if is_own else [],
        "events": events(actor, found) if is_own else [],
        "history_query": f"?licence={found.pk}",
    }
    return render(request, "licences/licence.html", context)


def quote_query(actor: Actor, found: Licence, covers: list[Cover]) -> str:
    """What the quote builder is asked for; empty where the actor may quote none of the coverages."""
    quotable = [each for each in covers if each.expires_on and may_quote(actor, each)]
    pairs = [("customer", found.customer.slug), *(("coverage", str(each.id)) for each in quotable)]
    return urlencode(pairs) if quotable else ""


def may_quote(actor: Actor, cover: Cover) -> bool:
    """A customer by its role, an advisor by the level of the coverage."""
    level = AccessLevel(cover.level) if actor.kind is Kind.ADVISOR else AccessLevel.NONE
    return allows(actor, Power.BUILD_QUOTES, level=level)


def covers_of(actor: Actor, found: Licence, *, today: date) -> tuple[list[Cover], Strip]:
    """The coverages that the actor may see, soonest first, on one line of time; three queries, and the remarks'."""
    visible = Visibility.objects.visible_to(actor).filter(coverage__licence=found.pk).select_related("assignment")
    seen = list(visible.order_by("expires_on", "coverage_id"))
    ids = [each.coverage_id for each in seen]
    terms: dict[UUID, list[CoverageTerm]] = {pk: [] for pk in ids}
    for term in CoverageTerm.objects.visible_to(actor).filter(coverage__in=ids).order_by("starts_on", "id"):
        terms[term.coverage_id].append(term)
    strip = strip_of([term for own in terms.values() for term in own], today=today)
    led, said = leads_of(actor, ids), remarks(actor, ids)
    return [
        replace(
            cover(each, terms[each.coverage_id], strip, you_lead=led.get(each.coverage_id) == actor.organisation_id),
            remarks=said.get(each.coverage_id, []),
        )
        for each in seen
    ], strip


def strip_of(terms: list[CoverageTerm], *, today: date) -> Strip:
    """A window round all terms, at most five years either way."""
    first = min((term.starts_on for term in terms), default=today)
    last = max((term.ends_on for term in terms), default=today)
    start = max(min(first, today - BEFORE), today - MOST)
    end = min(max(last, today) + AFTER, today + MOST)
    return Strip(start, end, today)


def cover(seen: Visibility, terms: list[CoverageTerm], strip: Strip, *, you_lead: bool) -> Cover:
    spans = [(term.starts_on, term.ends_on) for term in terms]
    return Cover(
        id=seen.coverage_id,
        programme=PROGRAMMES[seen.programme],
        quantity=seen.quantity,
        expires_on=None if seen.expires_on == NO_DATE else seen.expires_on,
        stretches=stretches(terms, today=strip.today, has_prices=seen.access_level >= AccessLevel.QUOTE),
        bar=strip.bar(spans) if spans else "",
        level=seen.access_level,
        access_until=seen.assignment.ends_on if seen.assignment else None,
        you_lead=you_lead,
    )


def stretch(term: CoverageTerm, *, has_prices: bool) -> Stretch:
    """A bought term, with its price for those who may see prices."""
    cost = money_exact(term.amount, term.currency) if has_prices and term.amount is not None else ""
    return Stretch(term.starts_on, term.ends_on, term.quantity, cost=cost, order_number=term.order_number)


def stretches(terms: list[CoverageTerm], *, today: date, has_prices: bool = False) -> list[Stretch]:
    """Terms and the gaps between them, newest first; a lapsed coverage has its gap on top."""
    found = [stretch(term, has_prices=has_prices) for term in terms]
    edges = [(before.ends_on, after.starts_on) for before, after in pairwise(terms)]
    if terms and terms[-1].ends_on < today:
        edges.append((terms[-1].ends_on, today + timedelta(1)))
    day = timedelta(1)
    gaps = [Stretch(end + day, start - day, is_gap=True) for end, start in edges if start - end > day]
    return sorted(found + gaps, key=lambda each: each.starts_on, reverse=True)


def access_of(actor: Actor, covers: list[Cover]) -> list[Access]:
    """Which firms reach which of the coverages, and with what; four queries, however many."""
    standing = Assignment.objects.visible_to(actor).in_force()
    rows = {row.pk: row for row in standing.select_related("advisor", "contact").order_by("advisor__name", "id")}
    named = named_by(list(rows.values()), [each.id for each in covers])
    firms: dict[UUID, list[Grant]] = {}
    for row in rows.values():
        firms.setdefault(row.advisor_id, []).append(Grant(row.pk, terms_of(row), frozenset(named.get(row.pk, ()))))
    pairs = ((each, effective(grants, each.id)) for grants in firms.values() for each in covers)
    leads = leads_of(actor, [each.id for each in covers])
    return [access(rows[grant.id], each, grant, leads) for each, grant in pairs if grant]


def access(row: Assignment, each: Cover, grant: Grant, leads: dict[UUID, UUID]) -> Access:
    leading = leads.get(each.id) == row.advisor_id
    return Access(row, each.id, each.programme, grant.terms.level, grant.terms.ends_on, leading)


def events(actor: Actor, found: Licence) -> list[Any]:
    """The last entries of the activity that are about this licence."""
    entries = AuditEntry.objects.visible_to(actor).filter(subject_id=found.pk).newest_first()
    return lines(actor, entries[:MOST_EVENTS])
