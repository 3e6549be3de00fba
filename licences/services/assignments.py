"""Changing and ending what a firm may do: one assignment at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Assignment, Coverage, Exclusion, Selection
from licences.rules import Scope, Status
from licences.rules.access import Refusal, Refused, Terms, Ticks, check_end, check_extension, power_for, terms_for
from licences.rules.changes import Difference, Field, Stale, differences, named_change
from licences.rules.life import Verb
from licences.services.endings import make_room
from licences.services.grants import (
    Holding,
    apply_ticks,
    fresh,
    held,
    leave_others,
    lock_customer,
    own,
    reach,
    rewrite_row,
    terms_of,
    tick,
)
from licences.services.notices import Event, announce, details_of, readers
from licences.services.policies import policy_on


@dataclass(frozen=True, slots=True)
class Edit:
    """One change in the making: the assignment as stored, what it shall be, and what else the firm holds."""

    row: Assignment
    wanted: Terms
    ticks: Ticks
    holding: Holding

    @property
    def now(self) -> Terms:
        return terms_of(self.row)

    @property
    def others(self) -> list[Assignment]:
        return [row for row in self.holding.rows if row.pk != self.row.pk]

    @property
    def changes(self) -> bool:
        same = self.now == self.wanted and self.now.extends == self.wanted.extends
        return not same or bool(self.ticks.add or self.ticks.remove)

    @property
    def to_all(self) -> bool:
        return self.now.scope is Scope.SELECTED and self.wanted.scope is Scope.ALL

    @property
    def to_selected(self) -> bool:
        return self.now.scope is Scope.ALL and self.wanted.scope is Scope.SELECTED


def change_access(actor: Actor, *, assignment: Assignment, version: int, terms: Terms, ticks: Ticks) -> bool:
    """Gives an assignment in force other terms or other licences, at once; False when that changes nothing.

    From *selected* to *all* the ticks do not matter; the other way round everything stays ticked but `ticks.remove`.
    Raises `Stale` with what saving would change when the assignment is not as `version` was, and `Refused` for an
    impossible end, a second grant of everything, or nothing left to share (that would be `revoke`).
    """
    with atomic():
        require(actor, Power.NARROW_ACCESS)
        today = lock_customer(actor)
        edit = opened(actor, assignment, terms, ticks, today=today)
        if edit.row.version != version:
            raise Stale(lost(edit))
        if not edit.changes:
            return False
        check_extension(terms)
        if terms.ends_on != edit.now.ends_on:
            check_end(terms.ends_on, today=today, policy=policy_on(today))
        if edit.to_all and edit.holding.everything:
            raise Refused(Refusal.ALREADY_ALL)
        if edit.to_all:
            make_room(actor, advisor_id=edit.row.advisor_id, today=today)
        require(actor, power_for(consequences(edit)))
        to = readers(edit.row)
        write(actor, edit)
        announce(actor, changed(actor, edit), to=to)
        return True


def opened(actor: Actor, assignment: Assignment, terms: Terms, ticks: Ticks, *, today: date) -> Edit:
    """The edit, with ticks that would change something; raises `Stale` when the assignment has ended."""
    row = fresh(actor, assignment, verb=Verb.CHANGE)
    not_over(row, today=today, wanted=Status.ACTIVE)
    asked = own(actor, ticks.add | ticks.remove)
    holding = held(actor, advisor_id=row.advisor_id, coverages=asked, today=today)
    grant = next(grant for grant in holding.grants if grant.id == row.pk)
    reached = {coverage for coverage in asked if grant.reaches(coverage)}
    real = Ticks(frozenset(asked & ticks.add - reached), frozenset(reached & ticks.remove))
    if row.scope == Scope.SELECTED and terms.scope is Scope.ALL:
        real = Ticks()
    return Edit(row, terms, real, holding)


def not_over(row: Assignment, *, today: date, wanted: Status) -> None:
    """Raises `Stale` when the last day has passed: from then on only the review writes the row, so that two locks
    taken in different orders cannot meet.
    """
    if row.ends_on < today:
        raise Stale([Difference(Field.STATUS, Status.EXPIRED, wanted)])


def lost(edit: Edit) -> list[Difference]:
    """What saving a late form would change in what is stored now."""
    found = differences(edit.now, edit.wanted)
    if edit.ticks.add or edit.ticks.remove:
        stored = reach(edit.row)
        found.append(Difference(Field.LICENCES, stored, stored + len(edit.ticks.add) - len(edit.ticks.remove)))
    return found


def consequences(edit: Edit) -> Iterator[tuple[Terms | None, Terms | None]]:
    """Before and after of what stays, what is added and what falls back to another grant: what powers depend on."""
    yield (None if edit.to_all else edit.now), edit.wanted
    others = [grant for grant in edit.holding.grants if grant.id != edit.row.pk]
    for coverage in edit.ticks.add:
        yield terms_for(edit.holding.grants, coverage), edit.wanted
    for coverage in edit.ticks.remove:
        yield edit.now, terms_for(others, coverage)


def write(actor: Actor, edit: Edit) -> None:
    """Stores terms and ticks; a fixed number of statements."""
    row, wanted = edit.row, edit.wanted
    if edit.to_all:
        Selection.objects.filter(assignment=row).delete()
    elif edit.to_selected:
        select_all_but(actor, edit)
    else:
        apply_ticks(row, edit.ticks, others=edit.others)
    if wanted.scope is Scope.SELECTED and not Selection.objects.filter(assignment=row).exists():
        raise Refused(Refusal.NOTHING_CHOSEN)
    rewrite_row(
        row,
        scope=wanted.scope.value,
        level=int(wanted.level),
        ends_on=wanted.ends_on,
        auto_extend=wanted.extends,
    )


def select_all_but(actor: Actor, edit: Edit) -> None:
    """Ticks all that the grant of everything reaches now, save what the form takes away or another grant names."""
    left_out = Exclusion.objects.filter(assignment=edit.row)
    named = Selection.objects.filter(assignment__in=[row.pk for row in edit.others])
    reached = Coverage.objects.visible_to(actor).exclude(pk__in=named.values("coverage"))
    chosen = set(reached.exclude(pk__in=left_out.values("coverage")).values_list("pk", flat=True))
    left_out.delete()
    tick(edit.row, (chosen | edit.ticks.add) - edit.ticks.remove, model=Selection)
    leave_others(edit.row, edit.ticks.add, others=edit.others)


def changed(actor: Actor, edit: Edit) -> Event:
    """What the audit and the letters say of an edit."""
    counts = {"added": len(edit.ticks.add), "removed": len(edit.ticks.remove)}
    count = reach(edit.row, scope=edit.wanted.scope)
    details = details_of(edit.now, edit.wanted, count=count, **{name: n for name, n in counts.items() if n})
    return Event(named_change(edit.now, edit.wanted, **counts), edit.row, details)


def revoke(actor: Actor, *, assignment: Assignment, version: int) -> None:
    """Ends an assignment at once. A lower selected grant that goes may let a grant of everything show more again:
    who may not grant that may not do it.

    Raises `Stale` when it has changed since `version`, or has ended already.
    """
    with atomic():
        require(actor, Power.NARROW_ACCESS)
        today = lock_customer(actor)
        row = fresh(actor, assignment, verb=Verb.REVOKE, version=version)
        not_over(row, today=today, wanted=Status.REVOKED)
        holding = held(actor, advisor_id=row.advisor_id, coverages=(), today=today)
        require(actor, power_for([(terms_of(row), fallback(row, holding))]))
        to, count = readers(row), reach(row)
        rewrite_row(row, status=Status.REVOKED.value, ended_at=database_now())
        details = details_of(terms_of(row), None, count=count, why="revoked")
        announce(actor, Event("assignment.ended", row, details), to=to)


def fallback(row: Assignment, holding: Holding) -> Terms | None:
    """What takes over when a selected assignment goes."""
    everything = holding.everything
    return terms_of(everything) if everything and row.scope == Scope.SELECTED else None
