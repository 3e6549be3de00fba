"""How long ago a coverage expired, and what can still be done (1-product, "Lapse class")."""

from datetime import date, timedelta
from enum import StrEnum


class LapseClass(StrEnum):
    """Current cover is renewed; lapsed cover is reinstated without a gap, or recovered with one."""

    CURRENT = "current"
    REINSTATEMENT = "reinstatement"
    RECOVERY = "recovery"


def lapse_class(expires_on: date, on: date, *, boundary: int) -> LapseClass:
    """The class on the day `on`; `boundary` days after the expiry is the last day of reinstatement."""
    lapsed = (on - expires_on).days
    if lapsed <= 0:
        return LapseClass.CURRENT
    return LapseClass.REINSTATEMENT if lapsed <= boundary else LapseClass.RECOVERY


def class_ends_on(expires_on: date, on: date, *, boundary: int) -> date | None:
    """The last day on which the class of the day `on` still holds; None for recovery, which stays."""
    last = {LapseClass.CURRENT: expires_on, LapseClass.REINSTATEMENT: expires_on + timedelta(boundary)}
    return last.get(lapse_class(expires_on, on, boundary=boundary))
