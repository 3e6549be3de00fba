"""A firm gives up what a customer let it see."""

from datetime import timedelta

from django.db.models.functions import Left
from django.db.transaction import atomic

from accounts.models import Letter, Organisation
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Assignment
from licences.querysets import today_in
from licences.rules import Status
from licences.rules.life import Verb
from licences.services.assignments import not_over
from licences.services.grants import fresh, giving_way, rewrite_row, terms_of
from licences.services.notices import LETTER, Event, announce, customers_readers, details_of, readers, tell

RESIGNED_KEY = "resigned:{assignment}:{customer}"
RESIGNED_KEY_LENGTH = len("resigned:") + 36 + 1 + 36
TOLD_WITHIN = timedelta(days=7)


def resign(actor: Actor, *, assignment: Assignment, version: int) -> None:
    """Ends the firm's own access, at once and for good; the customer is told.

    While it is paused the firm sees nobody there to write to: the schedule tells them (`tell_of_resignations`).
    Raises `Stale` when the assignment has changed since `version`, or has ended already.
    """
    with atomic():
        require(actor, Power.RESIGN_ACCESS)
        row = fresh(actor, assignment, verb=Verb.RESIGN, version=version)
        customer = Organisation.objects.visible_to(actor).filter(pk=row.customer_id)
        not_over(row, today=customer.values_list(today_in("time_zone"), flat=True).get(), wanted=Status.RESIGNED)
        to = readers(row)
        with giving_way():
            rewrite_row(row, status=Status.RESIGNED.value, ended_at=database_now())
        announce(actor, given_up(row), to=to, key=f"resigned:{row.pk}")


def given_up(row: Assignment) -> Event:
    return Event("assignment.ended", row, details_of(terms_of(row), None, why="resigned"))


def tell_of_resignations() -> int:
    """Tells, once, the customers whose paused access a firm has given up; how many. Runs as worker."""
    rows = Assignment.objects.filter(status=Status.RESIGNED.value, ended_at__gt=database_now() - TOLD_WITHIN)
    due = {RESIGNED_KEY.format(assignment=row.pk, customer=row.customer_id): row for row in rows.order_by("id")}
    told = Letter.objects.filter(kind=LETTER, key__startswith="resigned:")
    told = told.annotate(notice=Left("key", RESIGNED_KEY_LENGTH)).filter(notice__in=list(due))
    new = due.keys() - set(told.values_list("notice", flat=True))
    for key in sorted(new):
        tell(None, given_up(due[key]), to=customers_readers(due[key]), key=f"resigned:{due[key].pk}")
    return len(new)
