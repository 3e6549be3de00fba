"""Adding an advisor, step by step: the choices are kept in a draft until the customer confirms them."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import F
from django.db.transaction import atomic

from accounts.models import Organisation
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import AccessLevel, Actor, Power
from advisors.models import Contact
from licences.models import Assignment, Selection
from licences.rules import Scope, Status
from licences.rules.access import (
    Refusal,
    Refused,
    Terms,
    Ticks,
    Wish,
    changes_of,
    check_end,
    check_extension,
    power_for,
    power_to_give,
)
from licences.rules.life import Verb
from licences.services.endings import make_room
from licences.services.grants import (
    Holding,
    count_own,
    fresh,
    held,
    leave_others,
    lock_customer,
    own,
    terms_of,
    tick,
    untick,
)
from licences.services.notices import Event, announce, details_of, readers, record
from licences.services.policies import policy_on


def begin_assignment(actor: Actor, *, advisor: Organisation, draft: Assignment | None = None) -> Assignment:
    """The customer's one open draft for this firm, begun or taken up again.

    `draft` is another one in hand: it moves to the firm and keeps its licences and level, for the customer went back
    and chose somebody else. Nothing is shared yet.
    """
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        today = lock_customer(actor)
        drafts = Assignment.objects.visible_to(actor).filter(status=Status.DRAFT.value)
        if found := drafts.filter(advisor=advisor).first():
            return found
        if draft and drafts.filter(pk=draft.pk).update(advisor=advisor, contact=None, version=F("version") + 1):
            return drafts.get(pk=draft.pk)
        begun = Assignment.objects.create(
            customer_id=actor.organisation_id,
            advisor=advisor,
            level=AccessLevel.QUOTE.value,
            ends_on=policy_on(today).usual(today),
            created_by_id=actor.user_id,
        )
        record(actor, Event("assignment.drafted", begun), organisations=(actor.organisation_id,))
        return begun


def choose_contact(actor: Actor, *, assignment: Assignment, contact: Contact, message: str = "") -> None:
    """Keeps whom of the firm to tell, and what to tell beside the facts. A contact of another firm is refused."""
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        lock_customer(actor)
        draft = fresh(actor, assignment, verb=Verb.CHOOSE)
        if contact.firm_id != draft.advisor_id or contact.left_on:
            raise Refused(Refusal.NO_CONTACT)
        keep(draft, contact=contact, message=message)


def choose_licences(actor: Actor, *, assignment: Assignment, ticks: Ticks) -> None:
    """Keeps which coverages to share. A coverage that is not the customer's own is passed over."""
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        lock_customer(actor)
        draft = fresh(actor, assignment, verb=Verb.CHOOSE)
        untick([draft], ticks.remove, model=Selection)
        tick(draft, own(actor, ticks.add), model=Selection)
        keep(draft)


def choose_access(actor: Actor, *, assignment: Assignment, terms: Terms) -> None:
    """Keeps level, scope and end; refused when the actor could not confirm them, or the end is past or too late."""
    with atomic():
        require(actor, power_to_give(terms))
        today = lock_customer(actor)
        draft = fresh(actor, assignment, verb=Verb.CHOOSE)
        check_end(terms.ends_on, today=today, policy=policy_on(today))
        check_extension(terms)
        chosen = {"scope": terms.scope.value, "level": int(terms.level), "ends_on": terms.ends_on}
        keep(draft, **chosen, auto_extend=terms.extends)


def discard(actor: Actor, *, assignment: Assignment) -> None:
    """Gives a draft up. Nobody but the customer ever knew of it."""
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        lock_customer(actor)
        draft = fresh(actor, assignment, verb=Verb.DISCARD)
        keep(draft, status=Status.DISCARDED.value, ended_at=database_now())
        record(actor, Event("assignment.discarded", draft), organisations=(actor.organisation_id,))


def activate(actor: Actor, *, assignment: Assignment, version: int) -> None:
    """Confirms a draft: its access is in force when this transaction ends, and both sides are told.

    Coverages that another selected grant of the firm names move here. Raises `Stale` when the draft has changed since
    `version` was shown, `Refused` when a choice is missing or not possible any more.
    """
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        today = lock_customer(actor)
        confirm(actor, fresh(actor, assignment, verb=Verb.ACTIVATE, version=version), today=today)


def confirm(actor: Actor, draft: Assignment, *, today: date) -> None:
    """Puts what was chosen in force, a draft's or a request's, and tells both sides."""
    ticked = set(Selection.objects.filter(assignment=draft).values_list("coverage_id", flat=True))
    holding = held(actor, advisor_id=draft.advisor_id, coverages=ticked, today=today)
    check_end(draft.ends_on, today=today, policy=policy_on(today))
    check_choices(draft, ticked, holding)
    require(actor, power_to_confirm(draft, ticked, holding))
    if draft.scope == Scope.ALL:
        make_room(actor, advisor_id=draft.advisor_id, today=today)
    put_in_force(draft, ticked, holding)
    count = len(ticked) if draft.scope == Scope.SELECTED else count_own(actor)
    details = details_of(None, terms_of(draft), count=count)
    announce(actor, Event("assignment.granted", draft, details), to=readers(draft), key=f"granted:{draft.pk}")


def check_choices(draft: Assignment, ticked: Collection[UUID], holding: Holding) -> None:
    """Raises `Refused` while the draft lacks a contact or licences, or would be a second grant of everything.

    Of a request the firm itself has named the contact; where that has left, its owners are told.
    """
    if draft.status == Status.DRAFT and (draft.contact is None or draft.contact.left_on):
        raise Refused(Refusal.NO_CONTACT)
    if draft.scope == Scope.SELECTED and not ticked:
        raise Refused(Refusal.NOTHING_CHOSEN)
    if draft.scope == Scope.ALL and holding.everything:
        raise Refused(Refusal.ALREADY_ALL)


def power_to_confirm(draft: Assignment, ticked: Collection[UUID], holding: Holding) -> Power:
    """What the draft needs beside what the firm already has."""
    terms = terms_of(draft)
    if terms.scope is Scope.ALL:
        return power_to_give(terms)
    wish = Wish(frozenset(ticked), terms.level, terms.ends_on)
    return power_for((change.before, change.after) for change in changes_of(wish, holding.grants))


def put_in_force(draft: Assignment, ticked: Collection[UUID], holding: Holding) -> None:
    """Makes the draft active; one statement each, however many coverages."""
    if draft.scope == Scope.ALL:
        untick([draft], ticked, model=Selection)
    else:
        leave_others(draft, ticked, others=holding.rows)
    keep(draft, status=Status.ACTIVE.value, activated_at=database_now())


def keep(draft: Assignment, **values: object) -> None:
    """Stores what was chosen; each step is a version of its own."""
    Assignment.objects.filter(pk=draft.pk).update(**values, version=F("version") + 1)
