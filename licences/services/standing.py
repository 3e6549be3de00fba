"""What a firm writes on the strength of its access: the access is held until the writing is done."""

from collections.abc import Collection
from uuid import UUID

from accounts.rules import AccessLevel, Actor
from licences.models import Assignment, Visibility
from licences.rules.changes import Ended

TRIES = 3


def hold_access(actor: Actor, *, coverages: Collection[UUID], level: AccessLevel) -> None:
    """Locks the assignments through which a firm sees these coverages, so that none ends before the transaction does.

    Call it first, inside the transaction that then writes: whoever narrows or ends an assignment waits, and whoever
    did so before wins. Raises `Ended` when any coverage is not visible now with at least `level`. Several calls of one
    transaction name their coverages at once, for locks taken in two orders would meet.
    """
    wanted = set(coverages)
    locked: set[UUID] = set()
    for _ in range(TRIES):
        through = effective_through(actor, wanted, level)
        if through <= locked:
            return
        rows = Assignment.objects.visible_to(actor).filter(pk__in=through).order_by("pk")
        locked |= set(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    raise Ended


def effective_through(actor: Actor, wanted: set[UUID], level: AccessLevel) -> set[UUID]:
    """The assignments that count for these coverages by the database's clock; raises `Ended` when one is short."""
    rows = Visibility.objects.visible_to(actor).filter(coverage__in=wanted, access_level__gte=int(level))
    found = dict(rows.values_list("coverage_id", "assignment_id"))
    if found.keys() != wanted:
        raise Ended
    return set(found.values())
