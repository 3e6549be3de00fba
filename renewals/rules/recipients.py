"""Who receives a reminder, and why that person does (1-product, "Reminders")."""

from enum import StrEnum

from renewals.rules.reminders import Window


class Why(StrEnum):
    """The standing by which a person receives a reminder; each mail names it."""

    OWNER = "owner"
    RENEWALS_MANAGER = "renewals_manager"
    APPROVER = "approver"
    CONTACT = "contact"
    LEAD = "lead"


ALWAYS = frozenset({Why.OWNER, Why.RENEWALS_MANAGER, Why.LEAD})
NEAR_ONLY = frozenset({Why.APPROVER, Why.CONTACT})


def receives(why: Why, window: Window) -> bool:
    """Whether someone of that standing is written to in that window; viewers have no standing at all."""
    return why in ALWAYS or (why in NEAR_ONLY and window.near)


def standing(*, is_lead: bool, lead_named: bool) -> Why:
    """How an assigned contact stands: while a coverage has no named lead, every contact counts as lead."""
    return Why.LEAD if is_lead or not lead_named else Why.CONTACT
