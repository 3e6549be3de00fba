"""Take rows of the portfolio away."""

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
    """At most MOST_ROWS rows to take away, soonest first; `coverages` picks some of them. Audited with the count."""
    require(actor, Power.SEE_PORTFOLIO)
    rows = Visibility.objects.visible_to(actor).filter(wanted(filters, actor=actor, today=today))
    if coverages is not None:
        rows = rows.filter(coverage__in=list(coverages))
    taken = rows.order_by("expires_on", "coverage_id")[:MOST_ROWS]
    audit.record(actor, "portfolio.exported", organisations=[actor.organisation_id], rows=taken.count())
    return taken
