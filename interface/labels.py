"""The words and icons of access levels and of the states that things pass through."""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LEVEL_KEYS = ("none", "view", "quote", "renew")
LEVEL_NAMES: tuple[str | Promise, ...] = (
    _("No access"),
    pgettext_lazy("access level", "View"),
    pgettext_lazy("access level", "Quote"),
    pgettext_lazy("access level", "Renew"),
)


@dataclass(frozen=True)
class State:
    """How a state is shown; `css` is empty, state-soon, state-late or state-done."""

    icon: str
    label: str | Promise
    css: str = ""


STATES = {
    "accepted": State("check", pgettext_lazy("state", "Accepted"), "state-done"),
    "active": State("check", pgettext_lazy("state", "Active"), "state-done"),
    "applied": State("check", pgettext_lazy("state", "Applied"), "state-done"),
    "cancelled": State("x", pgettext_lazy("state", "Cancelled")),
    "declined": State("x", pgettext_lazy("state", "Declined"), "state-late"),
    "draft": State("pencil", pgettext_lazy("state", "Draft")),
    "due": State("clock", pgettext_lazy("state", "Not started")),
    "ended": State("x", pgettext_lazy("state", "Ended")),
    "expired": State("clock", pgettext_lazy("state", "Expired"), "state-late"),
    "failed": State("alert", pgettext_lazy("state", "Failed"), "state-late"),
    "fulfilled": State("check", pgettext_lazy("state", "Fulfilled"), "state-done"),
    "ordered": State("clock", pgettext_lazy("state", "Ordered"), "state-soon"),
    "paused": State("pause", pgettext_lazy("state", "Paused"), "state-soon"),
    "pending": State("clock", pgettext_lazy("state", "Pending"), "state-soon"),
    "placed": State("check", pgettext_lazy("state", "Placed"), "state-done"),
    "proposed": State("send", pgettext_lazy("state", "Proposed")),
    "renewed": State("check", pgettext_lazy("state", "Renewed"), "state-done"),
    "requested": State("send", pgettext_lazy("state", "Requested"), "state-soon"),
    "resigned": State("x", pgettext_lazy("state", "Resigned")),
    "revoked": State("x", pgettext_lazy("state", "Revoked"), "state-late"),
    "running": State("refresh", pgettext_lazy("state", "Running")),
    "sent": State("send", pgettext_lazy("state", "Sent")),
    "submitted": State("send", pgettext_lazy("state", "Submitted")),
    "suspended": State("pause", pgettext_lazy("state", "Paused"), "state-soon"),
    "to_place": State("clock", pgettext_lazy("state", "To be placed"), "state-soon"),
    "undone": State("back", pgettext_lazy("state", "Undone")),
    "withdrawn": State("back", pgettext_lazy("state", "Withdrawn")),
}


def level_rank(level: object) -> int:
    """0 to 3 of a rank, an enumeration's member or a key such as "quote"."""
    value = level.value if isinstance(level, Enum) else level
    if isinstance(value, str) and value.lower() in LEVEL_KEYS:
        return LEVEL_KEYS.index(value.lower())
    return int(str(value or 0))


def state_of(key: object) -> State:
    """The state's look; an unknown one is shown by its own name."""
    value = str(key.value if isinstance(key, Enum) else key)
    return STATES.get(value) or State("info", value.replace("_", " ").capitalize())
