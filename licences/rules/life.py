"""The life of an assignment: every state, what may be done in it, the power that it needs, and where it leads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from accounts.rules import Power
from licences.rules import Status


class Verb(StrEnum):
    """What is done to an assignment."""

    CHOOSE = "choose"
    ACTIVATE = "activate"
    DISCARD = "discard"
    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    CHANGE = "change"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    RESIGN = "resign"
    EXTEND = "extend"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: the least power that it needs (None: the calendar does it), and the states it leads from and to."""

    verb: Verb
    power: Power | None
    ends: Mapping[Status, Status]


LIFE = (
    Move(Verb.CHOOSE, Power.GRANT_SELECTED, {Status.DRAFT: Status.DRAFT, Status.REQUESTED: Status.REQUESTED}),
    Move(Verb.ACTIVATE, Power.GRANT_SELECTED, {Status.DRAFT: Status.ACTIVE}),
    Move(Verb.DISCARD, Power.GRANT_SELECTED, {Status.DRAFT: Status.DISCARDED}),
    Move(Verb.APPROVE, Power.GRANT_SELECTED, {Status.REQUESTED: Status.ACTIVE}),
    Move(Verb.DECLINE, Power.NARROW_ACCESS, {Status.REQUESTED: Status.DECLINED}),
    Move(Verb.WITHDRAW, Power.ASK_ACCESS, {Status.REQUESTED: Status.WITHDRAWN}),
    Move(Verb.LAPSE, None, {Status.REQUESTED: Status.LAPSED}),
    Move(Verb.CHANGE, Power.NARROW_ACCESS, {Status.ACTIVE: Status.ACTIVE}),
    Move(Verb.SUSPEND, Power.NARROW_ACCESS, {Status.ACTIVE: Status.SUSPENDED}),
    Move(Verb.RESUME, Power.GRANT_SELECTED, {Status.SUSPENDED: Status.ACTIVE}),
    Move(Verb.REVOKE, Power.NARROW_ACCESS, {Status.ACTIVE: Status.REVOKED, Status.SUSPENDED: Status.REVOKED}),
    Move(Verb.RESIGN, Power.RESIGN_ACCESS, {Status.ACTIVE: Status.RESIGNED, Status.SUSPENDED: Status.RESIGNED}),
    Move(Verb.EXTEND, None, {Status.ACTIVE: Status.ACTIVE}),
    Move(Verb.EXPIRE, None, {Status.ACTIVE: Status.EXPIRED, Status.SUSPENDED: Status.EXPIRED}),
)
"""The whole table (1-product, "Assignment"). What is not here is refused: ended grants are never reopened.

The power is the least that the verb needs: Renew, and access to all licences, need `GRANT_ANY` beside it.
"""

TRANSITIONS = {(start, move.verb): end for move in LIFE for start, end in move.ends.items()}
POWER = {move.verb: move.power for move in LIFE}


def may(status: Status, verb: Verb, powers: Collection[Power]) -> bool:
    """Whether somebody with these powers may do this now; the calendar's verbs are nobody's."""
    return (status, verb) in TRANSITIONS and POWER[verb] in powers
