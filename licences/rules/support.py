"""Support access: how long the programme's managers may look at a customer's licences."""

from datetime import date, timedelta

from licences.rules.access import Refusal, Refused
from licences.rules.ends import EndPolicy


def preset_end(today: date, policy: EndPolicy) -> date:
    """The last day that a form proposes, inclusive."""
    return today + timedelta(policy.support_days)


def latest_end(today: date, policy: EndPolicy) -> date:
    """The last day that support access given today may have, inclusive."""
    return today + timedelta(policy.longest_support_days)


def check_end(ends_on: date, *, today: date, policy: EndPolicy) -> None:
    """Raises `Refused` when support access would be over already, or would last longer than the policy lets it."""
    if ends_on < today:
        raise Refused(Refusal.END_PAST)
    if ends_on > latest_end(today, policy):
        raise Refused(Refusal.SUPPORT_TOO_LATE)
