"""Named questions about firms and their contacts: the directory, open to everybody who is signed in."""

from typing import Self, TypeVar

from django.db.models import Case, Min, Model, Q, Value, When

from accounts.querysets import TenantQuerySet
from accounts.rules import Actor
from advisors.rules import Tier, prefix_range

M = TypeVar("M", bound=Model, covariant=True)
RANK = Case(*(When(tier=tier.value, then=Value(tier.rank)) for tier in Tier), default=Value(-1))


class DirectoryQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        return Q()


class FirmQuerySet(DirectoryQuerySet[M]):
    def found_by(self, query: str, *, country: str, us_state: str = "") -> Self:
        """Firms of the programme one of whose words begins as the query does; whose name begins so come first.

        `us_state` counts in the United States alone. ValueError while letters are missing. Bounds, not LIKE: only
        they can use an index under row-level security (4-performance, "Search of 100 k firms").
        """
        low, high = prefix_range(query)
        state = {"words__us_state": us_state} if country == "US" else {}
        return (
            self.filter(
                agreement_active=True, words__country=country, words__word__gte=low, words__word__lt=high, **state
            )
            .annotate(position=Min("words__position"), rank=RANK, matched=Min("words__word"))
            .order_by("position", "-rank", "matched", "pk")
            .prefetch_related("organisation")  # joined, the policies of organisations would be asked for every match
        )
