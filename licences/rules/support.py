"""Support access: how long the programme's managers may look at a customer's licences."""

from datetime import date, timedelta

from licences.rules.access import Refusal, Refused

# Defaults of the product (1-product, "Roles"), in this one place until they are policy data.
PRESET_DAYS = 14
LONGEST_DAYS = 90


def preset_end(today: date) -> date:
    """The last day that a form proposes, inclusive."""
    return today + timedelta(PRESET_DAYS)


def latest_end(today: date) -> date:
    """The last day that support access given today may have, inclusive."""
    return today + timedelta(LONGEST_DAYS)


def check_end(ends_on: date, *, today: date) -> None:
    """Raises `Refused` when support access would be over already, or would last too long."""
    if ends_on < today:
        raise Refused(Refusal.END_PAST)
    if ends_on > latest_end(today):
        raise Refused(Refusal.SUPPORT_TOO_LATE)
