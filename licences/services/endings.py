"""The end of one assignment whose last day has passed: written down, and told to both sides."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import F

from accounts.querysets import database_now
from accounts.rules import Actor
from licences.models import Assignment
from licences.rules import Scope, Status
from licences.rules.changes import Stale, after
from licences.rules.ends import EndPolicy
from licences.rules.life import Verb
from licences.services.grants import giving_way, reach, terms_of
from licences.services.notices import Event, announce, details_of, readers


def end(actor: Actor | None, row: Assignment) -> None:
    """Marks it as ended by the calendar; `actor` is None for the schedule."""
    count, to = reach(row), readers(row)
    status = after(Status(row.status), Verb.EXPIRE)
    Assignment.objects.filter(pk=row.pk).update(status=status.value, ended_at=database_now(), version=F("version") + 1)
    details = details_of(terms_of(row), None, count=count, why="expired")
    announce(actor, Event("assignment.ended", row, details), to=to, key=f"expired:{row.pk}")


def extend(row: Assignment, *, policy: EndPolicy) -> bool:
    """Moves the end on, once: the tick is spent. False when somebody else writes the row just now."""
    after(Status(row.status), Verb.EXTEND)
    before, to = terms_of(row), readers(row)
    after_it = replace(before, ends_on=policy.extended(row.ends_on), extends=False)
    same = Assignment.objects.filter(pk=row.pk, version=row.version, status=Status.ACTIVE.value)
    try:
        with giving_way():
            if not same.update(ends_on=after_it.ends_on, auto_extend=False, version=F("version") + 1):
                return False
    except Stale:
        return False
    details = details_of(before, after_it, count=reach(row))
    announce(None, Event("assignment.extended", row, details), to=to, key=f"extended:{row.pk}:{row.ends_on}")
    return True


def make_room(actor: Actor, *, advisor_id: UUID, today: date) -> None:
    """Ends a firm's grant of everything that is over, before the review came to it, so that there can be another one.

    Raises `Stale` while the review is at that very row: waiting for it here could wait for ever.
    """
    over = Assignment.objects.visible_to(actor).filter(
        advisor=advisor_id, scope=Scope.ALL.value, status=Status.ACTIVE.value, ends_on__lt=today
    )
    for row in over.select_related("contact").select_for_update(no_key=True, skip_locked=True, of=("self",)):
        end(actor, row)
    if over.exists():
        raise Stale
