"""Named questions about price schedules: who may read them, and what is in force on a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.querysets import TenantQuerySet, database_now
from accounts.rules import AccessLevel, Actor, Kind

M = TypeVar("M", bound=Model, covariant=True)
ROW_FIELDS = (
    "product", "programme", "currency", "months", "amount", "valid_from", "valid_to", "qty_min", "qty_max",
)  # fmt: skip

STATE = Case(
    When(old_amount=None, then=Value("new")),
    When(
        Q(old_amount=F("amount")) & Q(old_max=F("qty_max")) | Q(old_amount=F("amount"), old_max=None, qty_max=None),
        then=Value("unchanged"),
    ),
    default=Value("changed"),
    output_field=CharField(),
)


def quoting(model: type[Model], actor: Actor) -> QuerySet[Any, Any]:
    """What a customer lets the firm quote: it may read prices while there is any."""
    visibility = model._meta.apps.get_model("licences", "Visibility")._default_manager
    return visibility.filter(
        organisation=actor.organisation_id, access_level__gte=AccessLevel.QUOTE, valid_until__gt=database_now()
    )


class PricedQuerySet(TenantQuerySet[M]):
    """Everything for the programme; what is `published` for customers, and for firms that may quote."""

    published = Q()

    def seen_by(self, actor: Actor) -> Q:
        if actor.kind is Kind.PROGRAMME:
            return Q()
        if actor.kind is Kind.CUSTOMER:
            return self.published
        if actor.kind is Kind.ADVISOR:
            return self.published & Q(Exists(quoting(self.model, actor)))
        return Q(pk__in=[])


class ScheduleQuerySet(PricedQuerySet[M]):
    published = Q(state="published")

    def in_force(self, on: date) -> Self:
        """The published version of each programme that counts on that day, at most one each."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), state="published", valid_from__lte=on)

    def coming(self, after: date) -> Self:
        """Published versions that begin later than that day, the next one first."""
        return self.filter(state="published", valid_from__gt=after).order_by("valid_from")


class PriceQuerySet(PricedQuerySet[M]):
    published = Q(schedule__state="published")

    def in_force(self, on: date) -> Self:
        """The prices of the versions in force on that day."""
        ends = Q(schedule__valid_to=None) | Q(schedule__valid_to__gte=on)
        return self.filter(ends, schedule__state="published", schedule__valid_from__lte=on)

    def as_rows(self) -> Iterator[dict[str, Any]]:
        """Each price as the fields of `rules.pricing.PriceRow`."""
        fields = ("product_id", "schedule__programme", "currency", "months", "amount")
        dates = ("schedule__valid_from", "schedule__valid_to", "qty_min", "qty_max")
        for values in self.values_list(*fields, *dates).iterator():
            yield dict(zip(ROW_FIELDS, values, strict=True))

    def beside(self, versions: Iterable[UUID]) -> Self:
        """With what the same term and band costs in one of those versions, if it is there, and what became of it.

        `old_amount` and `old_max` are those of the other version; `state` is new, changed or unchanged.
        """
        other = self._same().filter(schedule__in=list(versions))
        return self.annotate(
            old_amount=Subquery(other.values("amount")[:1]), old_max=Subquery(other.values("qty_max")[:1])
        ).annotate(state=STATE)

    def gone_from(self, version: UUID) -> Self:
        """Those that have no price for their term and band in that version."""
        return self.filter(~Exists(self._same().filter(schedule=version)))

    def _same(self) -> QuerySet[Any, Any]:
        """Prices of another version for the programme, product, currency, term and band of the outer one."""
        columns = ("schedule__programme", "product", "currency", "months", "qty_min")
        return self.model._default_manager.filter(**{name: OuterRef(name) for name in columns})
