"""Named questions about licences, coverages and assignments; each list starts from visibility."""

from datetime import date
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db.models import DateField, DateTimeField, DurationField, F, Func, Model, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast

from accounts.querysets import TenantQuerySet, database_now, granted
from accounts.rules import Actor, Kind

M = TypeVar("M", bound=Model, covariant=True)


def today_in(zone: str) -> Cast:
    """The civil day of the database's clock, in the time zone that the column `zone` names."""
    here = Func(F(zone), database_now(), function="timezone", output_field=DateTimeField())
    return Cast(here, DateField())


def requested_since() -> CombinedExpression:
    """The instant up to which a request that still waits has lapsed."""
    policies = apps.get_model("licences", "AccessPolicy")._default_manager
    days = policies.filter(valid_from__lte=database_now()).order_by("-valid_from").values("request_days")[:1]
    return database_now() - Func(days, template="make_interval(days => %(expressions)s)", output_field=DurationField())


class AccessPolicyQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The programme's, open to whoever is signed in."""
        return Q()

    def on(self, day: date) -> Self:
        """The version in force on this day, if any."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")[:1]


class ProductQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The programme's catalogue, and the products that a customer's own imports have named."""
        return Q(customer=None) | Q(customer=actor.organisation_id)


class VisibilityQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        return Q(organisation=actor.organisation_id, valid_until__gt=database_now())


class CustomerVisibilityQuerySet(VisibilityQuerySet[M]):
    pass


class SharedQuerySet(TenantQuerySet[M]):
    """Rows of a coverage: the customer's own, and for an advisor those that visibility names."""

    coverage_column = "pk"

    def seen_by(self, actor: Actor) -> Q:
        if actor.kind is Kind.CUSTOMER:
            return Q(customer=actor.organisation_id)
        return Q(**{f"{self.coverage_column}__in": self._visible(actor).values("coverage")})

    def _visible(self, actor: Actor) -> QuerySet[Any]:
        visibility = self.model._meta.apps.get_model("licences", "Visibility")
        return visibility._default_manager.filter(organisation=actor.organisation_id, valid_until__gt=database_now())


class CoverageQuerySet(SharedQuerySet[M]):
    pass


class LicenceQuerySet(SharedQuerySet[M]):
    coverage_column = "coverages"

    def seen_by(self, actor: Actor) -> Q:
        if actor.kind is Kind.CUSTOMER:
            return Q(customer=actor.organisation_id)
        coverages = self.model._meta.apps.get_model("licences", "Coverage")._default_manager
        return Q(pk__in=coverages.filter(pk__in=self._visible(actor).values("coverage")).values("licence"))


class TermQuerySet(SharedQuerySet[M]):
    coverage_column = "coverage"


class CustomerQuerySet(TenantQuerySet[M]):
    """Rows of a customer that nobody else sees."""

    def seen_by(self, actor: Actor) -> Q:
        return Q(customer=actor.organisation_id)


class AssignmentQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The customer's own; a firm's own once in force; the programme's managers' while a customer lets them look."""
        known = ("active", "suspended", "expired", "revoked", "resigned")
        if actor.kind is Kind.ADVISOR:
            answered = Q(status__in=known) | Q(status="declined", reply__gt="")
            return Q(advisor=actor.organisation_id) & answered
        if actor.kind is Kind.PROGRAMME:
            return Q(customer__in=granted(self.model, actor), status__in=known)
        return Q(customer=actor.organisation_id)

    def drafts(self) -> Self:
        """Begun, and not yet confirmed or discarded."""
        return self.filter(status="draft")

    def requested(self) -> Self:
        """Asked for by a firm that has not taken it back, and neither answered nor lapsed."""
        return self.filter(status="requested", approach__withdrawn_at=None, approach__created_at__gt=requested_since())

    def paused(self) -> Self:
        """Suspended, and to be resumed by the side that did it."""
        return self.filter(status="suspended")

    def in_force(self) -> Self:
        """Active, and not past its last day in the customer's zone."""
        return self.filter(status="active", ends_on__gte=today_in("customer__time_zone"))


class ApproachQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A firm's own; and what a customer was asked by."""
        if actor.kind is Kind.ADVISOR:
            return Q(advisor=actor.organisation_id)
        assignments = self.model._meta.apps.get_model("licences", "Assignment")._default_manager
        return Q(pk__in=assignments.filter(customer=actor.organisation_id).values("approach"))

    def open(self) -> Self:
        """Neither taken back nor lapsed; answered or not."""
        return self.filter(withdrawn_at=None, created_at__gt=requested_since())


class AccessRequestQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The customer's own; a firm's own while it helps the customer."""
        if actor.kind is Kind.ADVISOR:
            return Q(advisor=actor.organisation_id, customer__in=granted(self.model, actor))
        return Q(customer=actor.organisation_id)

    def waiting(self) -> Self:
        """Not answered, not lapsed, and about an assignment that is still in force."""
        return self.filter(
            answer="waiting",
            created_at__gt=requested_since(),
            assignment__status="active",
            assignment__ends_on__gte=today_in("assignment__customer__time_zone"),
        )


class SupportQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """Both sides', past ones included."""
        return Q(customer=actor.organisation_id) | Q(programme=actor.organisation_id)

    def open(self) -> Self:
        """Not ended, and not past its last day in the customer's zone."""
        return self.filter(ended_at=None, ends_on__gte=today_in("customer__time_zone"))


class TransferQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The customer's own; a firm's own proposals while it helps the customer; what has reached a distributor."""
        if actor.kind is Kind.DISTRIBUTOR:
            waiting = Q(state="delivered", lapses_at__gt=database_now()) | Q(state="declined", sha256__gt="")
            reached = waiting | Q(state="receipted")
            return Q(distributor=actor.organisation_id, valid_until__gt=database_now()) & reached
        if actor.kind is Kind.ADVISOR:
            return Q(advisor=actor.organisation_id, customer__in=granted(self.model, actor))
        return Q(customer=actor.organisation_id)

    def waiting_for_consent(self) -> Self:
        """Asked for, and neither answered nor lapsed."""
        return self.filter(state="requested", lapses_at__gt=database_now())


class ItemQuerySet(SharedQuerySet[M]):
    coverage_column = "coverage"

    def seen_by(self, actor: Actor) -> Q:
        own = self.model._meta.apps.get_model("licences", "Transfer")._default_manager.filter(
            advisor=actor.organisation_id
        )
        shown = super().seen_by(actor)
        return shown if actor.kind is Kind.CUSTOMER else shown & Q(transfer__in=own.values("pk"))


class SnapshotQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The customer's own, and for a distributor what it has given a receipt for."""
        if actor.kind is Kind.DISTRIBUTOR:
            now = database_now()
            return Q(
                transfer__distributor=actor.organisation_id,
                transfer__state="receipted",
                transfer__valid_until__gt=now,
            )
        return Q(customer=actor.organisation_id)


class LeadQuerySet(SharedQuerySet[M]):
    """A firm sees where it leads, never who else does."""

    coverage_column = "coverage"

    def seen_by(self, actor: Actor) -> Q:
        shown = super().seen_by(actor)
        return shown if actor.kind is Kind.CUSTOMER else shown & Q(advisor=actor.organisation_id, ended_at=None)

    def standing(self) -> Self:
        """Named, and not ended."""
        return self.filter(ended_at=None)
