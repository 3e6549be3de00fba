"""A firm asks companies for access. Nothing here reads a customer: what is written and answered is the same for all."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.transaction import atomic

from accounts import audit
from accounts.models import Organisation
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from advisors.models import Contact, Firm
from licences.models import Approach, Assignment
from licences.rules.access import Refusal, Refused
from licences.rules.approaches import A_DAY, DAILY, Plea, Target, check_rate
from licences.rules.changes import Stale
from licences.services.turns import take_turn


def approach(actor: Actor, *, target: Target, plea: Plea, contact: Contact | None = None) -> Approach:
    """Notes whom the firm asks; a task of the worker compares it with the customers (`introductions`).

    Raises `TooOften` for the sixth within a day, and `Refused` for a contact of another firm or without an agreement.
    """
    with atomic():
        require(actor, Power.ASK_ACCESS)
        Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation_id)
        check_rate(asked_lately(actor))
        check_firm(actor, contact)
        row = Approach.objects.create(
            advisor_id=actor.organisation_id,
            contact=contact,
            way=target.way.value,
            target=target.value,
            level=int(plea.level),
            scope=plea.scope.value,
            message=plea.message,
            asked_by_id=actor.user_id,
            created_at=database_now(),
        )
        record(actor, "approach.asked", row, level=int(plea.level), scope=plea.scope.value)
        return row


def asked_lately(actor: Actor) -> list[datetime]:
    """When the firm has asked within the last day, newest first; what it took back counts too."""
    rows = Approach.objects.visible_to(actor).filter(created_at__gt=database_now() - A_DAY)
    return list(rows.order_by("-created_at").values_list("created_at", flat=True)[:DAILY])


def check_firm(actor: Actor, contact: Contact | None) -> None:
    """Raises `Refused` unless the firm may advise, and the contact is one of its own."""
    if not Firm.objects.filter(pk=actor.organisation_id, agreement_active=True).exists():
        raise Refused(Refusal.NO_AGREEMENT)
    if contact and (contact.firm_id != actor.organisation_id or contact.left_on):
        raise Refused(Refusal.NO_CONTACT)


def withdraw_approach(actor: Actor, *, approach: Approach) -> None:
    """Takes back what was asked; a customer that has not answered yet no longer sees it.

    Raises `Stale` when it was taken back already, has lapsed, or a customer was faster and has let the firm know.
    """
    with atomic():
        require(actor, Power.ASK_ACCESS)
        take_turn(approach.pk)
        still_open = Approach.objects.visible_to(actor).open().filter(pk=approach.pk)
        if answers(actor, [approach]) or not still_open.update(withdrawn_at=database_now()):
            raise Stale
        record(actor, "approach.withdrawn", approach)


def answers(actor: Actor, rows: list[Approach]) -> dict[UUID | None, Assignment]:
    """The answers that the firm knows of, by approach: access that was given, or a refusal that was put in words.

    Found through the firm's own assignments, so that what a customer keeps to itself is not even looked at. `slug` is
    the customer's, for as long as it is known to the firm.
    """
    slug = Organisation.objects.filter(pk=OuterRef("customer")).values("slug")
    known = Assignment.objects.visible_to(actor).filter(~Q(approach=None), approach__in=[row.pk for row in rows])
    return {row.approach_id: row for row in known.annotate(slug=Subquery(slug)).order_by("id")}


def record(actor: Actor, verb: str, row: Approach, **details: Any) -> None:
    audit.record(actor, verb, organisations=[actor.organisation_id], subject_id=row.pk, **details)
