"""What a firm holds of a customer, read under the lock that lets the changes of one customer take turns."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.db import OperationalError, connection
from django.db.models import F
from django.db.transaction import atomic

from accounts.models import Organisation
from accounts.querysets import database_now
from accounts.rules import AccessLevel, Actor
from licences.models import Assignment, Coverage, Exclusion, Picked, Selection
from licences.querysets import today_in
from licences.rules import Scope, Status
from licences.rules.access import Grant, Terms, Ticks
from licences.rules.changes import Stale, after
from licences.rules.life import Verb


@dataclass(frozen=True, slots=True)
class Holding:
    """A firm's assignments in force, and how they reach the coverages that were asked about."""

    rows: list[Assignment]
    grants: list[Grant]

    @property
    def everything(self) -> Assignment | None:
        """The firm's one grant of scope *all*."""
        return next((row for row in self.rows if row.scope == Scope.ALL), None)

    @property
    def stamp(self) -> str:
        """Changes with every change of what the firm holds; a form carries it, so that a late one is noticed."""
        versions = ",".join(f"{row.pk}:{row.version}" for row in self.rows)
        return sha256(versions.encode()).hexdigest()[:16]


def lock_customer(actor: Actor) -> date:
    """Waits until nobody else changes this customer's access; today's date in the customer's zone."""
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk=actor.organisation_id)
    today: date = rows.values_list(today_in("time_zone"), flat=True).get()
    return today


@contextmanager
def giving_way() -> Iterator[None]:
    """For writers who may not lock the customer first: they give way to a change of the customer that is under way,
    before the two wait for each other. Raises `Stale` then.
    """
    try:
        with atomic(), connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '500ms'")
            yield
            cursor.execute("set local lock_timeout to default")
    except OperationalError:
        raise Stale from None


def today_of(actor: Actor) -> date:
    """Today's date in the customer's zone, by the database's clock."""
    rows = Organisation.objects.filter(pk=actor.organisation_id)
    today: date = rows.values_list(today_in("time_zone"), flat=True).get()
    return today


def fresh(actor: Actor, assignment: Assignment, *, verb: Verb, version: int | None = None) -> Assignment:
    """The assignment as it is stored now; raises `Stale` when `verb` cannot follow, or it is not as `version` was."""
    row = Assignment.objects.visible_to(actor).select_related("contact", "advisor").get(pk=assignment.pk)
    after(Status(row.status), verb)
    if version not in (None, row.version):
        raise Stale
    return row


def rewrite_row(row: Assignment, **values: object) -> None:
    """Stores what a verb makes of the row as it was read; raises `Stale` when the other side wrote it since.

    A firm that resigns or names another contact does not wait for the customer's lock.
    """
    same = Assignment.objects.filter(pk=row.pk, version=row.version)
    if not same.update(**values, version=F("version") + 1):
        raise Stale


def terms_of(assignment: Assignment) -> Terms:
    """The terms of a stored assignment."""
    scope, level = Scope(assignment.scope), AccessLevel(assignment.level)
    return Terms(scope, level, assignment.ends_on, assignment.auto_extend)


def held(actor: Actor, *, advisor_id: UUID, coverages: Collection[UUID], today: date) -> Holding:
    """What the firm holds of the actor's own organisation; three queries, however many coverages."""
    rows = list(
        Assignment.objects.visible_to(actor)
        .filter(advisor=advisor_id, status=Status.ACTIVE.value, ends_on__gte=today)
        .order_by("id")
    )
    named = named_by(rows, coverages)
    return Holding(rows, [Grant(row.pk, terms_of(row), frozenset(named.get(row.pk, ()))) for row in rows])


def named_by(rows: Collection[Assignment], coverages: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each assignment which of the coverages it ticks, or with scope *all* leaves out."""
    named: dict[UUID, set[UUID]] = {}
    for model, scope in ((Selection, Scope.SELECTED), (Exclusion, Scope.ALL)):
        ids = [row.pk for row in rows if row.scope == scope]
        pairs = model._default_manager.filter(assignment__in=ids, coverage__in=coverages)
        for assignment, coverage in pairs.values_list("assignment_id", "coverage_id"):
            named.setdefault(assignment, set()).add(coverage)
    return named


def tick(assignment: Assignment, coverages: Collection[UUID], *, model: type[Picked]) -> None:
    """Names the coverages in an assignment, one statement for all; those that it names already are passed over."""
    model._default_manager.bulk_create(
        (model(customer_id=assignment.customer_id, assignment=assignment, coverage_id=pk) for pk in sorted(coverages)),
        ignore_conflicts=True,
    )


def untick(rows: Collection[Assignment], coverages: Collection[UUID], *, model: type[Picked]) -> int:
    """Takes the coverages out of the assignments; how many ticks went."""
    ids = [row.pk for row in rows]
    return model._default_manager.filter(assignment__in=ids, coverage__in=coverages).delete()[0]


def leave_others(target: Assignment | None, coverages: Collection[UUID], *, others: Collection[Assignment]) -> None:
    """Takes the coverages out of the firm's selected grants but `target`; one that then names none is ended.

    A firm that sees nothing any more does not even know the customer.
    """
    rest = {row.pk for row in others if row.scope == Scope.SELECTED and row != target}
    ticks = Selection.objects.filter(assignment__in=rest, coverage__in=coverages)
    losing = set(ticks.values_list("assignment_id", flat=True).distinct())
    ticks.delete()
    left = Selection.objects.filter(assignment__in=losing)
    kept = set(left.values_list("assignment_id", flat=True).distinct())
    Assignment.objects.filter(pk__in=kept).update(version=F("version") + 1)
    Assignment.objects.filter(pk__in=losing - kept).update(
        status=Status.REVOKED.value, ended_at=database_now(), version=F("version") + 1
    )


def apply_ticks(assignment: Assignment, ticks: Ticks, *, others: Collection[Assignment]) -> None:
    """Adds to what an assignment reaches, and takes away from it: ticks, or with scope *all* what it leaves out."""
    if assignment.scope == Scope.ALL:
        untick([assignment], ticks.add, model=Exclusion)
        tick(assignment, ticks.remove, model=Exclusion)
    else:
        untick([assignment], ticks.remove, model=Selection)
        leave_others(assignment, ticks.add, others=others)
        tick(assignment, ticks.add, model=Selection)


def own(actor: Actor, coverages: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are coverages of the actor's own organisation."""
    return set(Coverage.objects.visible_to(actor).filter(pk__in=coverages).values_list("pk", flat=True))


def own_coverages(actor: Actor) -> set[UUID]:
    """Every coverage of the customer."""
    return set(Coverage.objects.visible_to(actor).values_list("pk", flat=True))


def count_own(actor: Actor) -> int:
    """How many coverages the customer has."""
    return Coverage.objects.visible_to(actor).count()


def reach(assignment: Assignment, *, scope: Scope | None = None) -> int:
    """How many coverages an assignment reaches as it is stored now."""
    if (scope or assignment.scope) == Scope.SELECTED:
        return Selection.objects.filter(assignment=assignment).count()
    owned = Coverage.objects.filter(customer=assignment.customer_id)
    return owned.count() - Exclusion.objects.filter(assignment=assignment).count()
