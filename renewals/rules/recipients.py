"""Who receives a reminder, and why that person does (1-product, "Reminders")."""

from collections.abc import Iterable
from enum import StrEnum

from renewals.rules.reminders import Window


class Why(StrEnum):
    """The standing by which a person receives a reminder; each mail names it."""

    OWNER = "owner"
    RENEWALS_MANAGER = "renewals_manager"
    APPROVER = "approver"
    CONTACT = "contact"
    LEAD = "lead"
    STAND_IN = "stand_in"


ALWAYS = frozenset({Why.OWNER, Why.RENEWALS_MANAGER, Why.LEAD})
NEXT = (Why.RENEWALS_MANAGER, Why.OWNER, Why.APPROVER)
NEAR_ONLY = frozenset({Why.APPROVER, Why.CONTACT})


def receives(why: Why, window: Window) -> bool:
    """Whether someone of that standing is written to in that window; viewers have no standing at all."""
    return why in ALWAYS or (why in NEAR_ONLY and window.near)


def standing_in(told: Iterable[Why], reached: Iterable[Why]) -> Why | None:
    """Who of a customer is told where mail to all comes back who would have been: the next living role, if any.

    `told` are the standings of those who want the reminder and were to get it, `reached` of those among the customer's
    people whose mail arrives. Nobody stands in for somebody who has stopped the reminder, nor while one is reached
    (1-product: "a bounce ⇒ the next of: renewals managers, owners, approvers, lead"; the lead is told in any case).
    """
    told, reached = set(told), set(reached)
    if not told or told & reached:
        return None
    return next((why for why in NEXT if why in reached), None)


def standing(*, is_lead: bool, lead_named: bool) -> Why:
    """How an assigned contact stands: while a coverage has no named lead, every contact counts as lead."""
    return Why.LEAD if is_lead or not lead_named else Why.CONTACT
