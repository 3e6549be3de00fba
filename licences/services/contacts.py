"""Whom of the firm an assignment tells: changed by the customer, or by the firm's owner."""

from contextlib import nullcontext

from django.db.transaction import atomic

from accounts.permissions import require
from accounts.rules import Actor, Kind, Power
from advisors.models import Contact
from licences.models import Assignment, CustomerVisibility
from licences.querysets import today_in
from licences.rules import Status
from licences.rules.access import Refusal, Refused
from licences.rules.life import Verb
from licences.services.assignments import not_over
from licences.services.grants import fresh, giving_way, lock_customer, reach, rewrite_row, terms_of
from licences.services.notices import Event, announce, details_of, readers


def change_contact(actor: Actor, *, assignment: Assignment, contact: Contact, version: int) -> bool:
    """Another person of the same firm is told from now on; False when it was that one already.

    Both sides hear of it, and so does the one who was told before. Raises `Stale` when the assignment has changed since
    `version` or is over, `Refused` for somebody of another firm or who has left.
    """
    with atomic():
        by_firm = actor.kind is Kind.ADVISOR
        require(actor, Power.RESIGN_ACCESS if by_firm else Power.NARROW_ACCESS)
        today = None if by_firm else lock_customer(actor)
        row = fresh(actor, assignment, verb=Verb.CHANGE, version=version)
        known = CustomerVisibility.objects.visible_to(actor).filter(customer=row.customer_id)
        today = today or known.values_list(today_in("customer__time_zone"), flat=True).get()
        not_over(row, today=today, wanted=Status.ACTIVE)
        if contact.firm_id != row.advisor_id or contact.left_on:
            raise Refused(Refusal.NO_CONTACT)
        if contact.pk == row.contact_id:
            return False
        told = {reader.email: reader for reader in readers(row)}
        with giving_way() if by_firm else nullcontext():
            rewrite_row(row, contact=contact)
        row.contact = contact
        told |= {reader.email: reader for reader in readers(row)}
        details = details_of(None, terms_of(row)) if by_firm else details_of(None, terms_of(row), count=reach(row))
        announce(actor, Event("assignment.contact_changed", row, details), to=list(told.values()))
        return True
