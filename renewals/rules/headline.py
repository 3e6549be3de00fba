"""What a home says first: the state of things, not the page's name (6-interface, "Principles")."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SOON_DAYS = 30


class State(StrEnum):
    """The one thing to know: nothing there yet, something soon, something later, all lapsed, no dates at all."""

    EMPTY = "empty"
    SOON = "soon"
    LATER = "later"
    LAPSED = "lapsed"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Coverages counted. `next_on` is the nearest expiry from today on; `undated` have no expiry date at all."""

    total: int
    lapsed: int = 0
    undated: int = 0
    next_on: date | None = None


def state(standing: Standing, *, today: date) -> State:
    """Which headline the counts deserve; today itself is soon."""
    if not standing.total:
        return State.EMPTY
    if standing.next_on:
        return State.SOON if (standing.next_on - today).days <= SOON_DAYS else State.LATER
    return State.LAPSED if standing.lapsed else State.UNDATED
