"""The ledger of reminders, an advisor's desk, prices and policies."""

from renewals.models.desk import CustomerNote, SavedView
from renewals.models.policies import ROUNDINGS, RenewalPolicy, TierDiscount
from renewals.models.prices import LARGEST_QUANTITY, LONGEST_MONTHS, SCHEDULE_STATES, Price, PriceSchedule
from renewals.models.reminders import REMINDER_STATES, Mute, Reminder, Touched

__all__ = [
    "LARGEST_QUANTITY",
    "LONGEST_MONTHS",
    "REMINDER_STATES",
    "ROUNDINGS",
    "SCHEDULE_STATES",
    "CustomerNote",
    "Mute",
    "Price",
    "PriceSchedule",
    "Reminder",
    "RenewalPolicy",
    "SavedView",
    "TierDiscount",
    "Touched",
]
