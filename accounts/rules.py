"""Who somebody is and what a level allows: the words of the permission table."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What an organisation is to the programme."""

    CUSTOMER = "customer"
    ADVISOR = "advisor"
    DISTRIBUTOR = "distributor"
    PROGRAMME = "programme"


class Role(StrEnum):
    """What a person is in an organisation (1-product, "Roles of a customer")."""

    OWNER = "owner"
    RENEWALS_MANAGER = "renewals_manager"
    APPROVER = "approver"
    VIEWER = "viewer"
    MEMBER = "member"
    MANAGER = "manager"


ROLES: dict[Kind, tuple[Role, ...]] = {
    Kind.CUSTOMER: (Role.OWNER, Role.RENEWALS_MANAGER, Role.APPROVER, Role.VIEWER),
    Kind.ADVISOR: (Role.OWNER, Role.MEMBER),
    Kind.DISTRIBUTOR: (Role.MEMBER,),
    Kind.PROGRAMME: (Role.MANAGER,),
}


class AccessLevel(IntEnum):
    """What a customer lets an advisor do with a coverage; each level includes those below it."""

    NONE = 0
    VIEW = 1
    QUOTE = 2
    RENEW = 3


class Power(StrEnum):
    """One thing that one may do."""

    SEE_LICENCES = "see licences, reminders, quotes and history"
    GRANT_SELECTED = "grant or widen to View or Quote on selected licences"
    GRANT_ANY = "grant Renew, or all licences"
    NARROW_ACCESS = "narrow or end access"
    EDIT_LICENCES = "edit and import licences"
    MANAGE_MEMBERS = "invite and remove people"
    SEE_PORTFOLIO = "see what customers share"
    NOTE_CUSTOMERS = "keep notes on customers"
    MANAGE_FIRM = "edit the firm, its team and contacts"
    SEE_TRANSFERS = "see the snapshots sent to it"
    MANAGE_PROGRAMME = "keep customers, firms, tiers and the contacts of the programme"
    SEE_DATES = "see product, quantity, expiry and the masked serial"
    SEE_PRICES = "see prices"
    BUILD_QUOTES = "build, save and send quotes"
    PLACE_ORDERS = "place the order of an accepted quote"


class LetterState(StrEnum):
    """The life of a letter (3-tenancy, "Reminders")."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for one organisation; `user_id` is None for the operator's commands and the schedule."""

    organisation_id: UUID
    kind: Kind
    role: Role
    user_id: UUID | None = None
