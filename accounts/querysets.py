"""Named questions about people, organisations, letters and the audit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Count, DateTimeField, F, Func, Min, Model, Q, QuerySet
from django.db.models.functions import Lower

from accounts.keys import first_id
from accounts.rules import Actor, Kind

OVERDUE_AFTER = timedelta(minutes=5)
M = TypeVar("M", bound=Model, covariant=True)


def database_now() -> Func:
    """The database's clock, the only one that policies compare with (3-tenancy, "One clock")."""
    return Func(function="coterm_now", output_field=DateTimeField())


class TenantQuerySet(QuerySet[M]):
    """The first wall: a view starts from `visible_to(request.actor)`, and nothing else scopes rows."""

    def visible_to(self, actor: Actor | None) -> Self:
        """Rows that the actor may see; none for nobody."""
        return self.filter(self.seen_by(actor)) if actor else self.none()

    def seen_by(self, actor: Actor) -> Q:
        raise NotImplementedError


def granted(model: type[Model], actor: Actor) -> QuerySet[Any, Any]:
    """The ids of the customers that share something with the actor's organisation."""
    shared = model._meta.apps.get_model("licences", "CustomerVisibility")._default_manager
    return shared.filter(organisation=actor.organisation_id, valid_until__gt=database_now()).values("customer")


def pausing(model: type[Model], actor: Actor) -> QuerySet[Any, Any]:
    """The ids of the customers whose access of the actor's firm is paused: it may be given up, and shows nothing."""
    assignments = model._meta.apps.get_model("licences", "Assignment")._default_manager
    return assignments.filter(advisor=actor.organisation_id, status="suspended").values("customer")


KNOWN_TO_ALL = (Kind.ADVISOR, Kind.DISTRIBUTOR, Kind.PROGRAMME)


class OrganisationQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        if actor.kind is Kind.PROGRAMME:
            return Q()
        known = Q(pk=actor.organisation_id) | Q(kind__in=KNOWN_TO_ALL) | Q(pk__in=granted(self.model, actor))
        return known | Q(pk__in=pausing(self.model, actor)) if actor.kind is Kind.ADVISOR else known


class DistributorQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """Part of the directory: whoever is signed in."""
        return Q()

    def certified(self, today: date) -> Self:
        """Certified on this day; the last day is inclusive."""
        return self.filter(certified_until__gte=today)


class OwnQuerySet(TenantQuerySet[M]):
    """Rows that belong to one organisation, named by their `organisation` column."""

    def seen_by(self, actor: Actor) -> Q:
        return Q(organisation=actor.organisation_id)


class LimitQuerySet(OwnQuerySet[M]):
    pass


def helping(model: type[Model], actor: Actor) -> QuerySet[Any, Any]:
    """The ids of the organisations that may look at something of the actor's own."""
    shared = model._meta.apps.get_model("licences", "CustomerVisibility")._default_manager
    return shared.filter(customer=actor.organisation_id, valid_until__gt=database_now()).values("organisation")


class MembershipQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        return Q() if actor.kind is Kind.PROGRAMME else Q(organisation=actor.organisation_id)

    def shared_with(self, actor: Actor) -> Self:
        """The people of the customers that share something with the actor's organisation."""
        return self.filter(organisation__in=granted(self.model, actor))

    def around(self, actor: Actor) -> Self:
        """Own people, and those on the other side of what is shared now, either way."""
        if actor.kind is Kind.PROGRAMME:
            return self.filter(organisation=actor.organisation_id)
        near = Q(organisation__in=granted(self.model, actor)) | Q(organisation__in=helping(self.model, actor))
        return self.filter(Q(organisation=actor.organisation_id) | near)


class InvitationQuerySet(MembershipQuerySet[M]):
    def open(self) -> Self:
        """Neither accepted, nor withdrawn, nor past its end."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=database_now())


class LetterQuerySet(OwnQuerySet[M]):
    READABLE = (
        "id",
        "kind",
        "organisation",
        "customer_id",
        "recipient",
        "user_id",
        "language",
        "due_at",
        "state",
        "attempts",
        "subject",
        "reason",
        "ambiguous",
        "sent_at",
        "created_at",
    )

    def seen_by(self, actor: Actor) -> Q:
        """The readers' own, and what tells them of a customer who is the actor."""
        return Q(organisation=actor.organisation_id) | Q(customer_id=actor.organisation_id)

    def post(self, letters: Sequence[Model]) -> None:
        """Stores letters, whose bytes are not made yet: without that column, thousands go as one array a column."""
        fields = [field for field in self.model._meta.concrete_fields if field.name != "frozen"]
        self._insert(letters, fields=fields, using=self.db)  # type: ignore[attr-defined]

    def readable(self) -> Self:
        """Only the columns that the web role may read: never a body, a token or a context."""
        return self.only(*self.READABLE)

    def sent_lately(self) -> dict[str, int]:
        """How many letters have left within the last hour, and the last day."""
        hour, day = (Q(sent_at__gt=database_now() - timedelta(hours=hours)) for hours in (1, 24))
        return self.filter(day).aggregate(hour=Count("pk", filter=hour), day=Count("pk"))


class QueuedQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The programme's alone."""
        return Q() if actor.kind is Kind.PROGRAMME else Q(pk__in=[])

    def by_state(self) -> dict[str, Any]:
        """Of what is not sent: how many letters are due, due later, leased and dead; since when the oldest waits."""
        due = Q(due_at__lte=database_now())
        waiting = self.filter(state="pending").aggregate(
            due=Count("pk", filter=due), later=Count("pk", filter=~due), oldest_at=Min("due_at", filter=due)
        )
        return waiting | {state: self.filter(state=state).count() for state in ("sending", "dead")}


class SuppressionQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The addresses of the organisation's people, oneself among them."""
        people = self.model._meta.apps.get_model("accounts", "Membership")._default_manager
        ours = people.filter(organisation=actor.organisation_id).values(address=Lower("user__email"))
        return Q(address__in=ours)


class JobRunQuerySet(QuerySet[M]):
    def overdue(self, name: str) -> Self:
        """The job's run if it is older than five minutes; before its first run a place is just being set up."""
        return self.filter(name=name, ran_at__lt=database_now() - OVERDUE_AFTER)


SKEW = timedelta(days=1)
"""Keys follow the web's clock, and run ahead of it in a burst; `at` is the database's: no two are further apart."""


class AuditQuerySet(OwnQuerySet[M]):
    def names_of_actors(self, entries: Iterable[Any]) -> list[tuple[UUID, str]]:
        """Who acted in these entries of one's own, and for which organisations, though nothing is shared any more."""
        acted = {pk for each in entries for pk in (each.actor_user_id, each.actor_organisation_id) if pk}
        if not acted:
            return []
        with connection.cursor() as cursor:
            cursor.execute("select id, name from coterm_names_of_actors(%s)", [list(acted)])
            return [(pk, name) for pk, name in cursor.fetchall()]

    def between(self, start: datetime | None, end: datetime | None) -> Self:
        """From one instant up to another, the latter exclusive; the keys let the index find the stretch."""
        rows = self
        if start:
            rows = rows.filter(at__gte=start, id__gte=first_id(start - SKEW))
        return rows.filter(at__lt=end, id__lt=first_id(end + SKEW)) if end else rows

    def newest_first(self) -> Self:
        return self.order_by(F("id").desc())
