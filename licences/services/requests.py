"""A firm asks for more than it has been given; the customer grants it in one step, or declines."""

from dataclasses import replace
from datetime import date

from django.db import IntegrityError
from django.db.transaction import atomic

from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import AccessLevel, Actor, Power
from licences.models import AccessRequest, Assignment, CustomerVisibility
from licences.querysets import today_in
from licences.rules import Answer
from licences.rules.access import Refusal, Refused, Terms, Ticks, check_end, widens
from licences.rules.changes import Stale
from licences.rules.life import Verb
from licences.services.assignments import change_access
from licences.services.grants import fresh, lock_customer, terms_of
from licences.services.notices import Event, announce, customers_readers, details_of, readers
from licences.services.policies import policy_on


def ask(actor: Actor, *, assignment: Assignment, level: AccessLevel, ends_on: date, message: str = "") -> AccessRequest:
    """Asks for a higher level or a later end (inclusive) of an assignment in force; the customer is told.

    Raises `Refused` for what is no more than before, for an impossible end, and while another request waits.
    """
    with atomic():
        require(actor, Power.ASK_ACCESS)
        row = fresh(actor, assignment, verb=Verb.CHANGE)
        known = CustomerVisibility.objects.visible_to(actor).filter(customer=row.customer_id)
        wanted = Terms(terms_of(row).scope, level, ends_on)
        check_wish(row, wanted, today=known.values_list(today_in("customer__time_zone"), flat=True).get())
        asked = keep(actor, row, wanted, message)
        announce(actor, event("assignment.asked", asked, row), to=customers_readers(row), key=f"asked:{asked.pk}")
        return asked


def check_wish(row: Assignment, wanted: Terms, *, today: date) -> None:
    """Raises `Refused` unless it is more than the firm has, and can be given."""
    now = terms_of(row)
    if wanted.level < now.level or wanted.ends_on < now.ends_on or not widens(now, wanted):
        raise Refused(Refusal.NOTHING_MORE)
    if wanted.ends_on != now.ends_on:
        check_end(wanted.ends_on, today=today, policy=policy_on(today))


def keep(actor: Actor, row: Assignment, wanted: Terms, message: str) -> AccessRequest:
    """Stores the request; one at a time waits for each assignment."""
    waiting = AccessRequest.objects.visible_to(actor).waiting().filter(assignment=row)
    if waiting.exists():
        raise Refused(Refusal.ALREADY_ASKED)
    try:
        with atomic():
            return AccessRequest.objects.create(
                customer_id=row.customer_id,
                advisor_id=actor.organisation_id,
                assignment=row,
                level=int(wanted.level),
                ends_on=wanted.ends_on,
                message=message,
                asked_by_id=actor.user_id,
                created_at=database_now(),
            )
    except IntegrityError:
        raise Refused(Refusal.ALREADY_ASKED) from None


def withdraw(actor: Actor, *, request: AccessRequest) -> None:
    """Takes the firm's own request back; the customer is told. Raises `Stale` when it was answered already."""
    with atomic():
        require(actor, Power.ASK_ACCESS)
        asked = waiting_one(actor, request)
        answered(asked, Answer.WITHDRAWN)
        row = asked.assignment
        said = event("assignment.withdrawn", asked, row)
        announce(actor, said, to=customers_readers(row), key=f"withdrawn:{asked.pk}")


def grant(
    actor: Actor,
    *,
    request: AccessRequest,
    version: int,
    level: AccessLevel | None = None,
    ends_on: date | None = None,
) -> None:
    """Gives what was asked for, or only as much of it as `level` and `ends_on` (inclusive) say; in force at once.

    Who may not give such access may not grant it. Raises `Stale` when it was answered or taken back already, or the
    assignment is not as `version` was; `Refused` for an impossible end, and for no more than there is.
    """
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        lock_customer(actor)
        asked = waiting_one(actor, request)
        now = terms_of(asked.assignment)
        most = max(now.level, level or AccessLevel(asked.level))
        wanted = Terms(now.scope, most, max(now.ends_on, ends_on or asked.ends_on))
        wanted = replace(wanted, extends=now.extends and wanted.may_extend)
        if not widens(now, wanted):
            raise Refused(Refusal.NOTHING_LEFT)
        change_access(actor, assignment=asked.assignment, version=version, terms=wanted, ticks=Ticks())
        answered(asked, Answer.GRANTED)


def decline(actor: Actor, *, request: AccessRequest, reply: str = "") -> None:
    """Leaves the access as it is; the firm is told, with the `reply`. Raises `Stale` when it was answered already."""
    with atomic():
        require(actor, Power.NARROW_ACCESS)
        lock_customer(actor)
        asked = waiting_one(actor, request)
        answered(asked, Answer.DECLINED, reply=reply)
        row = asked.assignment
        announce(actor, event("assignment.declined", asked, row), to=readers(row), key=f"declined:{asked.pk}")


def waiting_one(actor: Actor, request: AccessRequest) -> AccessRequest:
    """The request as it is stored now, while it waits."""
    rows = AccessRequest.objects.visible_to(actor).waiting().select_related("assignment__contact")
    asked = rows.filter(pk=request.pk).first()
    if asked is None:
        raise Stale
    return asked


def answered(asked: AccessRequest, answer: Answer, *, reply: str = "") -> None:
    """Writes the answer down; raises `Stale` when the other side was faster."""
    waiting = AccessRequest.objects.filter(pk=asked.pk, answer=Answer.WAITING.value)
    if not waiting.update(answer=answer.value, answered_at=database_now(), reply=reply):
        raise Stale


def event(verb: str, asked: AccessRequest, row: Assignment) -> Event:
    """What was asked for, with what there is."""
    now = terms_of(row)
    wanted = Terms(now.scope, AccessLevel(asked.level), asked.ends_on)
    return Event(verb, row, details_of(now, wanted, request=str(asked.pk)))
