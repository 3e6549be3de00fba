"""Pausing what a firm may do, and letting it go on."""

from typing import Any

from django.db.transaction import atomic

from accounts.permissions import require
from accounts.rules import Actor, Power
from licences.models import Assignment, Selection
from licences.rules import Scope, Side, Status
from licences.rules.access import Refusal, Refused, power_for
from licences.rules.changes import Stale, after
from licences.rules.life import Verb
from licences.services.assignments import fallback, not_over
from licences.services.endings import make_room
from licences.services.grants import Holding, fresh, held, lock_customer, reach, rewrite_row, terms_of, untick
from licences.services.notices import Event, announce, details_of, readers


def suspend(actor: Actor, *, assignment: Assignment, version: int) -> None:
    """Takes sight away at once, to be given back by `resume`; the end stays where it is.

    A lower selected grant that pauses may let a grant of everything show more, as when it ends.
    """
    with atomic():
        require(actor, Power.NARROW_ACCESS)
        today = lock_customer(actor)
        row = fresh(actor, assignment, verb=Verb.SUSPEND, version=version)
        not_over(row, today=today, wanted=Status.SUSPENDED)
        holding = held(actor, advisor_id=row.advisor_id, coverages=(), today=today)
        require(actor, power_for([(terms_of(row), fallback(row, holding))]))
        to = readers(row)
        write(row, Verb.SUSPEND, suspended_by=Side.CUSTOMER.value)
        announce(actor, event("assignment.suspended", row), to=to)


def resume(actor: Actor, *, assignment: Assignment, version: int) -> None:
    """Gives sight back. What another grant of the firm has been given meanwhile stays there.

    Raises `Stale` when somebody else did it, or another side suspended it; `Refused` when a grant of everything took
    its place, or nothing is left to share.
    """
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        today = lock_customer(actor)
        row = fresh(actor, assignment, verb=Verb.RESUME, version=version)
        if row.suspended_by != Side.CUSTOMER:
            raise Stale
        not_over(row, today=today, wanted=Status.ACTIVE)
        holding = held(actor, advisor_id=row.advisor_id, coverages=(), today=today)
        require(actor, power_for([(fallback(row, holding), terms_of(row))]))
        if row.scope == Scope.ALL:
            make_room(actor, advisor_id=row.advisor_id, today=today)
        settle(row, holding)
        write(row, Verb.RESUME, suspended_by="")
        announce(actor, event("assignment.resumed", row), to=readers(row))


def settle(row: Assignment, holding: Holding) -> None:
    """Makes the firm's grants fit together again: one of everything, and a coverage in one selected grant."""
    if row.scope == Scope.ALL:
        if holding.everything:
            raise Refused(Refusal.ALREADY_ALL)
        return
    taken = Selection.objects.filter(assignment__in=[other.pk for other in holding.rows])
    untick([row], list(taken.values_list("coverage_id", flat=True)), model=Selection)
    if not Selection.objects.filter(assignment=row).exists():
        raise Refused(Refusal.NOTHING_CHOSEN)


def write(row: Assignment, verb: Verb, **values: Any) -> None:
    status = after(Status(row.status), verb)
    rewrite_row(row, status=status.value, **values)


def event(verb: str, row: Assignment) -> Event:
    """What happened, with the terms that pause or go on."""
    return Event(verb, row, details_of(None, terms_of(row), count=reach(row)))
