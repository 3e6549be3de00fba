"""One cell of the assignments grid, or many: what a firm may do with each of some coverages."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F
from django.db.transaction import atomic

from accounts.models import Organisation
from accounts.permissions import allows, require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Assignment, Exclusion, Selection
from licences.rules import Scope, Status
from licences.rules.access import Change, Refusal, Refused, Terms, Wish, changes_of, check_end, power_for
from licences.rules.changes import Stale, named_change
from licences.services.grants import Holding, held, leave_others, lock_customer, own, tick, untick
from licences.services.notices import Event, announce, details_of, readers
from licences.services.policies import policy_on


@dataclass(frozen=True, slots=True)
class Preview:
    """What a wish would do; `stamp` names the state that it was reckoned from."""

    changes: list[Change]
    stamp: str
    allowed: bool


def preview_changes(actor: Actor, *, advisor: Organisation, wish: Wish, today: date) -> Preview:
    """What `set_access` would change, for the review page; nothing is written.

    `today` is the customer's. Coverages that would stay as they are, and ids that are not the customer's, are left out.
    """
    coverages = own(actor, wish.coverages)
    holding = held(actor, advisor_id=advisor.pk, coverages=coverages, today=today)
    changes = changes_of(narrowed(wish, coverages), holding.grants)
    power = power_for((change.before, change.after) for change in changes)
    return Preview(changes, holding.stamp, allows(actor, power))


def set_access(actor: Actor, *, advisor: Organisation, wish: Wish, stamp: str) -> list[Change]:
    """Gives a firm what `wish` says for its coverages, at once; returns what changed.

    Each coverage leaves the firm's other selected grants; a grant with the same level, end and contact is used again.
    No access leaves the coverages out of a grant of everything, too. Raises `Stale` when the firm's access is not as
    `stamp` was, and `Refused` for an impossible end or a firm that has no contact yet.
    """
    with atomic():
        require(actor, Power.NARROW_ACCESS)
        today = lock_customer(actor)
        coverages = own(actor, wish.coverages)
        holding = held(actor, advisor_id=advisor.pk, coverages=coverages, today=today)
        changes = changes_of(narrowed(wish, coverages), holding.grants)
        if stamp != holding.stamp:
            raise Stale
        if wish.terms:
            check_end(wish.terms.ends_on, today=today, policy=policy_on(today))
        require(actor, power_for((change.before, change.after) for change in changes))
        if changes:
            give(actor, advisor, changes, holding, follow=wish.follow)
        return changes


def narrowed(wish: Wish, coverages: set[UUID]) -> Wish:
    """The wish for those of its coverages that are the customer's own."""
    return Wish(frozenset(coverages), wish.level, wish.ends_on, wish.follow)


def give(actor: Actor, advisor: Organisation, changes: list[Change], holding: Holding, *, follow: bool) -> None:
    """Writes the changes, all of which end alike, and tells both sides."""
    ids = [change.coverage for change in changes]
    wanted = changes[0].after
    told = nearest(holding, ids)
    to = readers(told)
    target = target_for(actor, advisor, wanted, holding) if wanted and not follow else None
    leave_others(target, ids, others=holding.rows)
    if target:
        tick(target, ids, model=Selection)
        Assignment.objects.filter(pk=target.pk).update(version=F("version") + 1)
    elif holding.everything:
        reach_by_everything(holding.everything, ids, follow=follow)
    left = Assignment.objects.visible_to(actor).filter(advisor=advisor, status=Status.ACTIVE.value).exists()
    announce(actor, event_of(target or told, changes, ended=not left), to=to)


def nearest(holding: Holding, ids: list[UUID]) -> Assignment:
    """The assignment whose contact hears of it: one that names the first coverage, else the newest."""
    if not holding.rows:
        raise Refused(Refusal.NO_CONTACT)
    naming = {grant.id for grant in holding.grants if grant.reaches(ids[0])}
    return next((row for row in holding.rows if row.pk in naming), holding.rows[-1])


def target_for(actor: Actor, advisor: Organisation, terms: Terms, holding: Holding) -> Assignment:
    """The firm's selected grant with these terms, or a new one with the contact whom the firm has already."""
    contact = holding.rows[-1].contact_id
    for row in holding.rows:
        if not row.auto_extend and (row.scope, row.level, row.ends_on, row.contact_id) == (*wire(terms), contact):
            return row
    return Assignment.objects.create(
        customer_id=actor.organisation_id,
        advisor=advisor,
        contact_id=contact,
        scope=Scope.SELECTED.value,
        level=int(terms.level),
        ends_on=terms.ends_on,
        status=Status.ACTIVE.value,
        created_by_id=actor.user_id,
        activated_at=database_now(),
    )


def wire(terms: Terms) -> tuple[str, int, date]:
    """Terms as columns hold them."""
    return terms.scope.value, int(terms.level), terms.ends_on


def reach_by_everything(everything: Assignment, ids: list[UUID], *, follow: bool) -> None:
    """Takes coverages back into the firm's grant of everything, or leaves them out of it."""
    if follow:
        untick([everything], ids, model=Exclusion)
    else:
        tick(everything, ids, model=Exclusion)
    Assignment.objects.filter(pk=everything.pk).update(version=F("version") + 1)


def event_of(assignment: Assignment, changes: list[Change], *, ended: bool) -> Event:
    """What the audit and the letters say: what was before only where it was the same for all."""
    befores = {change.before for change in changes}
    before, after = (befores.pop() if len(befores) == 1 else None), changes[0].after
    details = details_of(before, after, count=len(changes))
    if ended:
        return Event("assignment.ended", assignment, details | {"why": "revoked"})
    if after is None:
        return Event("assignment.licences_removed", assignment, details | {"removed": len(changes)})
    if all(change.before is None for change in changes):
        return Event("assignment.licences_added", assignment, details | {"added": len(changes)})
    return Event(named_change(before, after) if before else "assignment.changed", assignment, details)
