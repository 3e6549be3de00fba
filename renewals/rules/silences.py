"""What makes a reminder stay silent, and which silence ends again (1-product, "Reminders")."""

from datetime import date
from enum import StrEnum

LONGEST_REASON = 300
LONGEST_SNOOZE = 400


class Silence(StrEnum):
    """Why somebody asked for silence: they know, or for a while."""

    KNOWN = "known"
    SNOOZED = "snoozed"


class Held(StrEnum):
    """Why a reminder was held back at the last moment; the ledger's `reason`. *Forgone*: it will not be renewed."""

    RENEWED = "renewed"
    MUTED = "muted"
    ORDERED = "ordered"
    KNOWN = "known"
    SNOOZED = "snoozed"
    FORGONE = "forgone"
    ACCESS = "access"
    SUPPRESSED = "suppressed"
    OVER = "over"


# Whatever the sweep finds due again has had its reason ended; a person's own "cancel" is not among them.
RESUMES = tuple(Held)


def snooze_refused(until_on: date, *, today: date) -> bool:
    """Whether a snooze may not end on that day: it begins today, its end is inclusive, and it is not for ever."""
    return not 0 <= (until_on - today).days <= LONGEST_SNOOZE
