"""The life of a quote: every state, what may be done in it and by whom, and where it leads."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from accounts.rules import Actor, Kind, Role

LONGEST_NOTE = 2000
WARN_DAYS = 5
"""So many days before its last one, those who can accept a quote are told that it ends."""


class State(StrEnum):
    """Where a quote stands (1-product, "Quote and order")."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"


class Verb(StrEnum):
    """What is done to a quote."""

    CHANGE = "change"
    DISCARD = "discard"
    SUBMIT = "submit"
    SEND = "send"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    CANCEL = "cancel"
    FULFIL = "fulfil"


class Party(StrEnum):
    """Who does it: what an actor is to one quote."""

    OWNER = "customer owner"
    MANAGER = "customer renewals manager"
    APPROVER = "customer approver"
    READER = "customer viewer"
    AUTHOR_OWNER = "customer owner, own quote"
    AUTHOR_MANAGER = "customer renewals manager, own quote"
    AUTHOR_ADVISOR = "advisor, own quote"
    PROGRAMME = "programme manager"
    SCHEDULE = "schedule"


AUTHORS = (Party.AUTHOR_OWNER, Party.AUTHOR_MANAGER, Party.AUTHOR_ADVISOR)
DECIDERS = (Party.OWNER, Party.MANAGER, Party.APPROVER, Party.AUTHOR_OWNER, Party.AUTHOR_MANAGER)
KEEPERS = (Party.OWNER, Party.MANAGER, Party.AUTHOR_OWNER, Party.AUTHOR_MANAGER)
Move = tuple[State, Verb, tuple[Party, ...], State | None]
MOVES: tuple[Move, ...] = (
    (State.DRAFT, Verb.CHANGE, AUTHORS, State.DRAFT),
    (State.DRAFT, Verb.DISCARD, AUTHORS, None),
    (State.DRAFT, Verb.SUBMIT, AUTHORS, State.SUBMITTED),
    (State.DRAFT, Verb.ACCEPT, (*DECIDERS[2:],), State.ACCEPTED),
    (State.SUBMITTED, Verb.SEND, AUTHORS, State.SUBMITTED),
    (State.SUBMITTED, Verb.ACCEPT, DECIDERS, State.ACCEPTED),
    (State.SUBMITTED, Verb.DECLINE, DECIDERS, State.DECLINED),
    (State.SUBMITTED, Verb.WITHDRAW, AUTHORS, State.WITHDRAWN),
    (State.SUBMITTED, Verb.EXPIRE, (Party.SCHEDULE,), State.EXPIRED),
    (State.ACCEPTED, Verb.CANCEL, (*KEEPERS, Party.PROGRAMME), State.CANCELLED),
    (State.ACCEPTED, Verb.FULFIL, (Party.PROGRAMME,), State.FULFILLED),
)
"""The whole table; what is not here is refused. None: a discarded draft is gone.

A customer's draft is its own: it accepts it without submitting it. An advisor's draft is the firm's own. Cancelling and
fulfilling are done to the order, and the quote follows in the same transaction.
"""

TRANSITIONS = {(state, verb, party): end for state, verb, parties, end in MOVES for party in parties}
CUSTOMERS = {
    Role.OWNER: (Party.OWNER, Party.AUTHOR_OWNER),
    Role.RENEWALS_MANAGER: (Party.MANAGER, Party.AUTHOR_MANAGER),
    Role.APPROVER: (Party.APPROVER, Party.APPROVER),
    Role.VIEWER: (Party.READER, Party.READER),
}
OPEN = (State.DRAFT, State.SUBMITTED)
ORDERED = (State.ACCEPTED, State.CANCELLED, State.FULFILLED)


def party_of(actor: Actor | None, *, author: UUID) -> Party | None:
    """What the actor is to a quote whose author is that organisation; nobody acts for the schedule."""
    if actor is None:
        return Party.SCHEDULE
    is_own = actor.organisation_id == author
    if actor.kind is Kind.CUSTOMER:
        return CUSTOMERS[actor.role][is_own]
    if actor.kind is Kind.ADVISOR:
        return Party.AUTHOR_ADVISOR if is_own else None
    return Party.PROGRAMME if actor.kind is Kind.PROGRAMME else None


class Closed(Exception):
    """The quote is in a state in which that cannot be done, or not by this actor; `state` is where it stands."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


def after(state: State, verb: Verb, party: Party | None) -> State | None:
    """The state that `verb` by `party` leads to; raises `Closed` where it leads nowhere."""
    if party is None or (state, verb, party) not in TRANSITIONS:
        raise Closed(state)
    return TRANSITIONS[state, verb, party]


def may(state: State, verb: Verb, party: Party | None) -> bool:
    """Whether this party may do this now; limits and the state of the coverages are other questions."""
    return party is not None and (state, verb, party) in TRANSITIONS


def standing(state: State, *, valid_until: date, today: date) -> State:
    """How a quote stands by the calendar, also before the schedule has written down that its time is over."""
    return State.EXPIRED if state is State.SUBMITTED and valid_until < today else state


class Hindrance(StrEnum):
    """Why somebody with the right to accept quotes may not accept this one."""

    APPROVERS_DECIDE = "approvers_decide"
    OVER_LIMIT = "over_limit"


def hindrance(
    role: Role, totals: dict[str, Decimal], *, has_approver: bool, limits: dict[str, Decimal]
) -> Hindrance | None:
    """None where the role may accept these totals (1-product, "Roles of a customer").

    A renewals manager only while the customer has no approver; an approver up to the own limit, inclusive, in every
    currency of the quote, and nothing in a currency without a limit.
    """
    if role is Role.RENEWALS_MANAGER and has_approver:
        return Hindrance.APPROVERS_DECIDE
    if role is Role.APPROVER and any(amount > limits.get(currency, Decimal(-1)) for currency, amount in totals.items()):
        return Hindrance.OVER_LIMIT
    return None


class Difference(StrEnum):
    """What has become of a quoted coverage since its pricing day."""

    REMOVED = "removed"
    EXPIRY = "expiry"
    QUANTITY = "quantity"
    DECIDED = "decided"
    NOT_SHARED = "not_shared"


@dataclass(frozen=True, slots=True)
class Stand:
    """A coverage as it was quoted, or as it is: in force through `expires_on`, for `quantity`.

    `renewed` of them are to be renewed; None: all.
    """

    expires_on: date | None
    quantity: int
    renewed: int | None = None


def difference(quoted: Stand, now: Stand | None) -> Difference | None:
    """Why the quote no longer fits the coverage; None for `now`: it was removed."""
    if now is None:
        return Difference.REMOVED
    if now.expires_on != quoted.expires_on:
        return Difference.EXPIRY
    if now.quantity != quoted.quantity:
        return Difference.QUANTITY
    before, after = (each.quantity if each.renewed is None else each.renewed for each in (quoted, now))
    return Difference.DECIDED if before != after else None


def as_table() -> str:
    """The life of a quote in Markdown, as docs/quotes.md shows it; what has no verb has ended."""
    lines = ["| state | verb | who | becomes |", "|---|---|---|---|"]
    for state in State:
        moves = [move for move in MOVES if move[0] is state]
        lines += [
            f"| {state} | {verb} | {', '.join(parties)} | {end or '*(gone)*'} |" for _, verb, parties, end in moves
        ]
        if not moves:
            lines.append(f"| {state} | *(ended)* | nobody | – |")
    return "\n".join(lines)
