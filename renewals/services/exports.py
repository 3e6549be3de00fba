"""Take rows of the portfolio away."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.permissions import require
from accounts.rules import Actor, Power
from licences.models import Visibility
from licences.querysets import VisibilityQuerySet
from renewals.querysets.portfolio import wanted
from renewals.rules.filters import Filters

MOST_ROWS = 50_000


@transaction.atomic
def export_portfolio(
    actor: Actor, *, filters: Filters, today: date, coverages: Iterable[UUID] | None = None
) -> VisibilityQuerySet[Visibility]:
    """At most MOST_ROWS rows to take away, soonest first; `coverages` picks some of them. Audited on both sides."""
    require(actor, Power.SEE_PORTFOLIO)
    rows = Visibility.objects.visible_to(actor).filter(wanted(filters, actor=actor, today=today))
    if coverages is not None:
        rows = rows.filter(coverage__in=list(coverages))
    taken = rows.order_by("expires_on", "coverage_id")[:MOST_ROWS]
    write_down(actor, Counter(taken.values_list("customer_id", flat=True)))
    return taken


def write_down(actor: Actor, rows: Counter[UUID]) -> None:
    """The firm reads how much was taken; each customer reads that it was, and how much of its own."""
    audit.record(actor, "portfolio.exported", organisations=[actor.organisation_id], rows=rows.total())
    audit.record_each("portfolio.taken", {customer: {"rows": n} for customer, n in rows.items()}, actor=actor)
