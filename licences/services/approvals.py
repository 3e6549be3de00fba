"""The customer answers a firm that asked for access: gives as much of it as it likes in one step, or declines."""

from django.db.transaction import atomic

from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Assignment
from licences.rules import Status
from licences.rules.access import Terms, Ticks
from licences.rules.changes import Stale
from licences.rules.life import Verb
from licences.services.drafts import choose_access, choose_licences, confirm, keep
from licences.services.grants import fresh, lock_customer
from licences.services.notices import Event, customers_readers, readers, record, tell
from licences.services.turns import take_turn


def approve(actor: Actor, *, assignment: Assignment, version: int, terms: Terms, ticks: Ticks) -> None:
    """Gives access with these terms and licences, whatever was wished for; in force at once, and both sides are told.

    Raises `Stale` when it was answered or taken back already, or has changed since `version`; `Refused` for an
    impossible end, a second grant of everything, or nothing to share.
    """
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        today = lock_customer(actor)
        waiting = asked(actor, assignment, verb=Verb.APPROVE, version=version)
        choose_licences(actor, assignment=waiting, ticks=ticks)
        choose_access(actor, assignment=waiting, terms=terms)
        confirm(actor, fresh(actor, waiting, verb=Verb.APPROVE), today=today)


def turn_down(actor: Actor, *, assignment: Assignment, reply: str = "") -> None:
    """Declines. Without a `reply` the firm is told nothing, and learns nothing: to it nobody has answered.

    Raises `Stale` when it was answered or taken back already.
    """
    with atomic():
        require(actor, Power.NARROW_ACCESS)
        lock_customer(actor)
        row = asked(actor, assignment, verb=Verb.DECLINE)
        keep(row, status=Status.DECLINED.value, ended_at=database_now(), reply=reply)
        details = {"scope": row.scope, "level": row.level, "approach": str(row.approach_id)}
        event = Event("assignment.turned_down", row, details)
        both = (row.customer_id, row.advisor_id)
        record(actor, event, organisations=both if reply else both[:1])
        to = readers(row) if reply else customers_readers(row)
        tell(actor, event, to=to, key=f"turned_down:{row.pk}")


def asked(actor: Actor, assignment: Assignment, *, verb: Verb, version: int | None = None) -> Assignment:
    """The request as it is stored now, while it waits.

    While it is approved the firm cannot take it back; a refusal lets it, or the waiting would tell of a customer.
    """
    if verb is Verb.APPROVE and assignment.approach_id:
        take_turn(assignment.approach_id)
    row = fresh(actor, assignment, verb=verb, version=version)
    if not Assignment.objects.visible_to(actor).requested().filter(pk=row.pk).exists():
        raise Stale
    return row
