"""Where access would end before the licences that it covers: named, with the day that would cover them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet

from licences.models import Visibility
from licences.rules.ends import EndPolicy

NAMED = 3


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The licences that expire after the end, the first by name; `offers` are the ends that cover those, and all."""

    first: list[Visibility]
    more: int
    day_before: bool
    offers: list[date]


def shortfall(rows: QuerySet[Visibility], *, ends_on: date, today: date, policy: EndPolicy) -> Shortfall | None:
    """What an end leaves uncovered that access could reach at all; None when nothing is. Two queries."""
    late = rows.filter(expires_on__gt=ends_on, expires_on__lte=policy.latest(today))
    found: dict[str, Any] = late.order_by().aggregate(count=Count("pk"), last=Max("expires_on"))
    if not found["count"] or ends_on < today:
        return None
    first = list(late.select_related("coverage__licence__product").order_by("expires_on", "coverage")[:NAMED])
    offers = dict.fromkeys((first[-1].expires_on, found["last"]))
    before = first[0].expires_on == ends_on + timedelta(1)
    return Shortfall(first, found["count"] - len(first), before, list(offers))
