"""The ledger of reminders, an advisor's desk, prices and policies, quotes, orders and certificates."""

from renewals.models.certificates import Certificate
from renewals.models.decisions import DECISION_STATES, REASONS, Decision
from renewals.models.desk import CustomerNote, SavedView
from renewals.models.orders import ORDER_STATES, Order, OrderPaper
from renewals.models.policies import ROUNDINGS, RenewalPolicy, TierDiscount
from renewals.models.prices import LARGEST_QUANTITY, LONGEST_MONTHS, SCHEDULE_STATES, Price, PriceSchedule
from renewals.models.quotes import LINE_KINDS, QUOTE_STATES, Quote, QuoteLine
from renewals.models.reminders import REMINDER_STATES, Mute, Reminder, Touched
from renewals.models.silences import WHYS, Silence
from renewals.models.suppliers import SupplierDetails
from renewals.models.windows import ReminderRule, ReminderWindow

__all__ = [
    "DECISION_STATES",
    "LARGEST_QUANTITY",
    "LINE_KINDS",
    "LONGEST_MONTHS",
    "ORDER_STATES",
    "QUOTE_STATES",
    "REASONS",
    "REMINDER_STATES",
    "ROUNDINGS",
    "SCHEDULE_STATES",
    "WHYS",
    "Certificate",
    "CustomerNote",
    "Decision",
    "Mute",
    "Order",
    "OrderPaper",
    "Price",
    "PriceSchedule",
    "Quote",
    "QuoteLine",
    "Reminder",
    "ReminderRule",
    "ReminderWindow",
    "RenewalPolicy",
    "SavedView",
    "Silence",
    "SupplierDetails",
    "TierDiscount",
    "Touched",
]
