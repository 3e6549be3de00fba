"""A firm gives up what a customer let it see."""

from django.db.transaction import atomic

from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Assignment, CustomerVisibility
from licences.querysets import today_in
from licences.rules import Status
from licences.rules.life import Verb
from licences.services.assignments import not_over
from licences.services.grants import fresh, giving_way, rewrite_row, terms_of
from licences.services.notices import Event, announce, details_of, readers


def resign(actor: Actor, *, assignment: Assignment, version: int) -> None:
    """Ends the firm's own access, at once and for good; the customer is told.

    Raises `Stale` when the assignment has changed since `version`, or has ended already.
    """
    with atomic():
        require(actor, Power.RESIGN_ACCESS)
        row = fresh(actor, assignment, verb=Verb.RESIGN, version=version)
        known = CustomerVisibility.objects.visible_to(actor).filter(customer=row.customer_id)
        not_over(row, today=known.values_list(today_in("customer__time_zone"), flat=True).get(), wanted=Status.RESIGNED)
        to = readers(row)
        with giving_way():
            rewrite_row(row, status=Status.RESIGNED.value, ended_at=database_now())
        details = details_of(terms_of(row), None, why="resigned")
        announce(actor, Event("assignment.ended", row, details), to=to, key=f"resigned:{row.pk}")
