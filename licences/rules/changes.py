"""What differs between two versions of a grant, and the answer to a verb that comes too late."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.rules import AccessLevel
from licences.rules import Scope, Status
from licences.rules.access import Terms
from licences.rules.life import TRANSITIONS, Verb


class Field(StrEnum):
    """One part of a grant that two people may have changed at once."""

    STATUS = "status"
    SCOPE = "scope"
    LEVEL = "level"
    ENDS_ON = "ends_on"
    EXTENDS = "extends"
    LICENCES = "licences"


Shown = Status | Scope | AccessLevel | date | int | bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what is stored now, and what the late form would make of it."""

    field: Field
    now: Shown
    wanted: Shown


class Stale(Exception):
    """Somebody was faster: the form was written for an older version. `differences` is what saving it would change."""

    def __init__(self, differences: list[Difference] | None = None) -> None:
        super().__init__("changed meanwhile")
        self.differences = differences or []


class Ended(Stale):
    """The access that a form or a service relied on is over, or shows less than it needs."""


def after(status: Status, verb: Verb) -> Status:
    """The status that `verb` leads to; raises `Stale`, with the status as the difference, where it leads nowhere."""
    try:
        return TRANSITIONS[status, verb]
    except KeyError:
        wanted = next(end for (_, known), end in TRANSITIONS.items() if known is verb)
        raise Stale([Difference(Field.STATUS, status, wanted)]) from None


def differences(now: Terms, wanted: Terms) -> list[Difference]:
    """Where two versions of a grant's terms part."""
    pairs = (
        (field, getattr(now, field), getattr(wanted, field))
        for field in (Field.SCOPE, Field.LEVEL, Field.ENDS_ON, Field.EXTENDS)
    )
    return [Difference(field, old, new) for field, old, new in pairs if old != new]


def named_change(before: Terms, after: Terms, *, added: int = 0, removed: int = 0) -> str:
    """The audit's verb for a change: what happened to the level says most, then what was added or taken away."""
    if after.level != before.level:
        return "assignment.level_raised" if after.level > before.level else "assignment.level_lowered"
    if before == after and bool(added) is not bool(removed):
        return "assignment.licences_added" if added else "assignment.licences_removed"
    return "assignment.changed"
