"""The ledger of reminders, and an advisor's desk."""

from renewals.models.desk import CustomerNote, SavedView
from renewals.models.reminders import REMINDER_STATES, Mute, Reminder, Touched

__all__ = [
    "REMINDER_STATES",
    "CustomerNote",
    "Mute",
    "Reminder",
    "SavedView",
    "Touched",
]
