"""Who somebody is and what a level allows: the words of the permission table."""

from dataclasses import dataclass
from datetime import timedelta
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
    GRANT_SUPPORT = "let the programme's managers look"
    NARROW_ACCESS = "narrow or end access"
    EDIT_LICENCES = "edit and import licences"
    PREPARE_TRANSFERS = "prepare, decline and withdraw transfers to a distributor"
    CONSENT_TRANSFER = "consent to a transfer to a distributor"
    MANAGE_MEMBERS = "invite and remove people"
    SEE_PORTFOLIO = "see what customers share"
    NOTE_CUSTOMERS = "keep notes on customers"
    ASK_ACCESS = "ask customers for access"
    RESIGN_ACCESS = "give up access"
    MANAGE_FIRM = "edit the firm, its team and contacts"
    SEE_TRANSFERS = "see the transfers that concern it"
    RECEIVE_TRANSFERS = "give a receipt for a transfer, and take copies"
    MANAGE_PROGRAMME = "keep customers, firms, tiers and the contacts of the programme"
    SEE_SUPPORTED = "look where a customer gives support access"
    TEND_MAIL = "pause all mail, and try or withdraw single mails"
    TEND_REMINDERS = "try a failed reminder again, and withdraw one that waits"
    KEEP_PRICES = "keep price schedules and renewal policies"
    SEE_DATES = "see product, quantity, expiry and the masked serial"
    SEE_PRICES = "see prices"
    BUILD_QUOTES = "build, save and send quotes"
    SEE_QUOTES = "see the quotes that concern it"
    SEE_ORDERS = "see the orders that concern it"
    ACCEPT_QUOTES = "accept and decline quotes, within the rules of approval"
    PLACE_ORDERS = "place the order of an accepted quote"
    SNOOZE_REMINDERS = "let reminders wait, for its own people"
    SET_REMINDERS = "say when reminders are sent, and what is silent for everybody"
    CONFIRM_ORDERS = "confirm and cancel placed orders"
    PROPOSE_TRANSFERS = "propose a transfer to a distributor"


class LetterState(StrEnum):
    """The life of a letter (3-tenancy, "Reminders")."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    DEAD = "dead"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Fate(StrEnum):
    """Why an address gets no reminders any more."""

    REFUSED = "refused"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


def is_gone(reason: str) -> bool:
    """Whether the answer says that there is no such mailbox (RFC 3463, 5.1.1 to 5.1.6)."""
    return " 5.1." in f" {reason}"


class Pause(StrEnum):
    """Why no mail leaves."""

    OPERATOR = "operator"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for one organisation; `user_id` is None for the operator's commands and the schedule."""

    organisation_id: UUID
    kind: Kind
    role: Role
    user_id: UUID | None = None


FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=6)
ABOUT_ADDRESS = ("5.1.", "5.2.1")
ADDRESS_CODES = frozenset({550, 551, 553})


class Outcome(StrEnum):
    """What a mail server's answer means for a letter (3-tenancy, "Result")."""

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"


def outcome(code: int, text: str, *, for_address: bool) -> Outcome:
    """The meaning of an SMTP reply; `for_address` when it answered the recipient, not the message.

    A refusal for policy (5.7: relaying denied, not signed in) is the operator's fault, not the address's: tried
    again, like everything that is not certain to be final.
    """
    if code < 400:
        return Outcome.SENT
    if code < 500 or text.startswith("5.7."):
        return Outcome.RETRY
    if not for_address or text.startswith(ABOUT_ADDRESS):
        return Outcome.REFUSED
    return Outcome.REFUSED if code in ADDRESS_CODES and not text.startswith("5.") else Outcome.RETRY


def backoff(attempt: int, *, jitter: float) -> timedelta:
    """How long to wait after failed attempt number `attempt` (from 1): a minute, doubling up to six hours.

    `jitter` in [0, 1) spreads letters that failed together by up to half as much again.
    """
    return min(FIRST_DELAY * (1 << min(attempt - 1, 16)) * (1 + jitter / 2), LONGEST_DELAY)


PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` mails in any stretch of `seconds`, wherever it begins."""

    count: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> "Rate | None":
        """`14/s`, `100/m`, `3000/h` or `20000/d`; None for an empty text. Raises ValueError for any other."""
        if not text:
            return None
        count, slash, period = text.partition("/")
        if not (slash and count.isascii() and count.isdigit() and int(count) and period in PERIODS):
            raise ValueError(text)
        return cls(int(count), PERIODS[period])

    @property
    def burst(self) -> int:
        """How many may leave at once after a time of rest."""
        return max(self.count // 10, 1)

    @property
    def interval(self) -> timedelta:
        """Between two mails after a burst: the burst and what follows it within `seconds` make `count` together."""
        return timedelta(microseconds=-(-self.seconds * 1_000_000 // (self.count - self.burst + 1)))
