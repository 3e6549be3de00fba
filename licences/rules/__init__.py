"""The words of ownership and access: programmes, scopes, and the life of an assignment."""

from datetime import date
from enum import StrEnum

NO_DATE = date(9999, 12, 31)
"""Stands in visibility rows for a coverage without an expiry date; `infinity` crashes the driver."""


class Programme(StrEnum):
    """The four kinds of coverage (1-product, section 1, point 9)."""

    SUBSCRIPTION_ADVANTAGE = "sa"
    APPLIANCE_MAINTENANCE = "am"
    HARDWARE_WARRANTY = "hw"
    ACCESS_SUBSCRIPTION = "ac"


class Scope(StrEnum):
    """Which coverages an assignment reaches; ALL includes future ones."""

    SELECTED = "selected"
    ALL = "all"


class Status(StrEnum):
    """The life of an assignment (1-product, "Assignment"); *expiring* is derived from its end."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    REQUESTED = "requested"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    RESIGNED = "resigned"


class Side(StrEnum):
    """Who has suspended an assignment: only that side resumes it."""

    CUSTOMER = "customer"
    PROGRAMME = "programme"


class Answer(StrEnum):
    """What became of a firm's request for more access."""

    WAITING = "waiting"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ImportState(StrEnum):
    """The life of an import: previewed, then applied or discarded."""

    PREVIEWED = "previewed"
    APPLIED = "applied"
    DISCARDED = "discarded"


class LineState(StrEnum):
    """What an import would do with a line."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
