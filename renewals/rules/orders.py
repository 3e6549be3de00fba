"""The life of an order: one for each accepted quote."""

from enum import StrEnum

from accounts.rules import Actor, Kind, Role


class State(StrEnum):
    """Where an order stands (1-product, "Quote and order")."""

    TO_PLACE = "to_place"
    PLACED = "placed"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What is done to an order."""

    PLACE = "place"
    FULFIL = "fulfil"
    CANCEL = "cancel"


class Party(StrEnum):
    """Who does it."""

    OWNER = "customer owner"
    MANAGER = "customer renewals manager"
    READER = "customer approver or viewer"
    ADVISOR = "advisor, level Renew on all of it"
    PROGRAMME = "programme manager"


CUSTOMER = (Party.OWNER, Party.MANAGER)
MOVES: tuple[tuple[State, Verb, tuple[Party, ...], State], ...] = (
    (State.TO_PLACE, Verb.PLACE, (*CUSTOMER, Party.ADVISOR), State.PLACED),
    (State.TO_PLACE, Verb.CANCEL, (*CUSTOMER, Party.PROGRAMME), State.CANCELLED),
    (State.PLACED, Verb.FULFIL, (Party.PROGRAMME,), State.FULFILLED),
    (State.PLACED, Verb.CANCEL, (Party.PROGRAMME,), State.CANCELLED),
)
"""The whole table. Once placed it is the programme that fulfils *or* cancels: what was fulfilled is never undone."""

TRANSITIONS = {(state, verb, party): end for state, verb, parties, end in MOVES for party in parties}
OPEN = (State.TO_PLACE, State.PLACED)
"""Neither fulfilled nor cancelled: the purchase order can still be added as a file, and replaced."""
PARTIES: dict[tuple[Kind, Role], Party] = {
    (Kind.CUSTOMER, Role.OWNER): Party.OWNER,
    (Kind.CUSTOMER, Role.RENEWALS_MANAGER): Party.MANAGER,
    (Kind.CUSTOMER, Role.APPROVER): Party.READER,
    (Kind.CUSTOMER, Role.VIEWER): Party.READER,
    (Kind.ADVISOR, Role.OWNER): Party.ADVISOR,
    (Kind.ADVISOR, Role.MEMBER): Party.ADVISOR,
    (Kind.PROGRAMME, Role.MANAGER): Party.PROGRAMME,
}


class Closed(Exception):
    """The order is in a state in which that cannot be done, or not by this actor; `state` is where it stands."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


def party_of(actor: Actor) -> Party | None:
    """What the actor is to the orders that it sees."""
    return PARTIES.get((actor.kind, actor.role))


def after(state: State, verb: Verb, party: Party | None) -> State:
    """The state that `verb` by `party` leads to; raises `Closed` where it leads nowhere."""
    if party is None or (state, verb, party) not in TRANSITIONS:
        raise Closed(state)
    return TRANSITIONS[state, verb, party]


def may(state: State, verb: Verb, party: Party | None) -> bool:
    """Whether this party may do this now."""
    return party is not None and (state, verb, party) in TRANSITIONS


def as_table() -> str:
    """The life of an order in Markdown, as docs/quotes.md shows it; what has no verb has ended."""
    lines = ["| state | verb | who | becomes |", "|---|---|---|---|"]
    for state in State:
        moves = [move for move in MOVES if move[0] is state]
        lines += [f"| {state} | {verb} | {', '.join(parties)} | {end} |" for _, verb, parties, end in moves]
        if not moves:
            lines.append(f"| {state} | *(ended)* | nobody | – |")
    return "\n".join(lines)
