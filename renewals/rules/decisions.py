"""Not renewing: the whole of a coverage, or some of its seats (1-product, "Not renewing")."""

from enum import StrEnum


class State(StrEnum):
    """Where a decision stands; a firm only proposes: that is agreed to, dropped, or taken back by the firm."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    AGREED = "agreed"
    DROPPED = "dropped"
    TAKEN_BACK = "taken_back"


class Reason(StrEnum):
    """Why something is not renewed."""

    NOT_NEEDED = "not_needed"
    REPLACED = "replaced"
    BUDGET = "budget"
    MOVED = "moved"
    OTHER = "other"


def remaining(owned: int, given_up: int) -> int:
    """The seats that are still to be renewed."""
    return max(owned - given_up, 0)
