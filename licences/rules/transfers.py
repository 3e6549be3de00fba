"""The transfer to a distributor: its life, what may be handed over, and the snapshot that is sealed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from accounts.rules import Actor, Kind, Role
from licences.rules.changes import Stale
from licences.rules.ends import months_after

LIFE = timedelta(days=15)
"""How long a request waits for consent, and a delivery for its receipt (1-product, "Distributor transfer")."""

LONGEST_MONTHS = 24
"""How far away the end of a transfer may be."""

LONGEST = 2000
FORMAT = "coterm-transfer-1"
TEXT_VERSION = 1
"""The wording that an owner consents to; another wording is another version (forms.transfers.CONSENT_TEXTS)."""


class State(StrEnum):
    """Where a transfer stands; *ended* is derived from its last day."""

    REQUESTED = "requested"
    CONSENTED = "consented"
    DELIVERED = "delivered"
    RECEIPTED = "receipted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What is done to a transfer."""

    CHANGE = "change"
    CONSENT = "consent"
    DELIVER = "deliver"
    SEND_AGAIN = "send again"
    RECEIPT = "receipt"
    COPY = "copy"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


class Party(StrEnum):
    """Who does it."""

    OWNER = "owner"
    MANAGER = "renewals manager"
    READER = "approver or viewer"
    ADVISOR = "proposing advisor"
    DISTRIBUTOR = "addressed distributor"
    SCHEDULE = "schedule"


CUSTOMER = (Party.OWNER, Party.MANAGER)
MOVES: tuple[tuple[State, Verb, tuple[Party, ...], State], ...] = (
    (State.REQUESTED, Verb.CHANGE, CUSTOMER, State.REQUESTED),
    (State.REQUESTED, Verb.CONSENT, (Party.OWNER,), State.CONSENTED),
    (State.REQUESTED, Verb.DECLINE, CUSTOMER, State.DECLINED),
    (State.REQUESTED, Verb.WITHDRAW, (*CUSTOMER, Party.ADVISOR), State.WITHDRAWN),
    (State.REQUESTED, Verb.LAPSE, (Party.SCHEDULE,), State.LAPSED),
    (State.CONSENTED, Verb.DELIVER, (Party.OWNER,), State.DELIVERED),
    (State.DELIVERED, Verb.SEND_AGAIN, CUSTOMER, State.DELIVERED),
    (State.DELIVERED, Verb.RECEIPT, (Party.DISTRIBUTOR,), State.RECEIPTED),
    (State.DELIVERED, Verb.DECLINE, (Party.DISTRIBUTOR,), State.DECLINED),
    (State.DELIVERED, Verb.WITHDRAW, CUSTOMER, State.WITHDRAWN),
    (State.DELIVERED, Verb.LAPSE, (Party.SCHEDULE,), State.LAPSED),
    (State.RECEIPTED, Verb.COPY, (Party.DISTRIBUTOR,), State.RECEIPTED),
    (State.RECEIPTED, Verb.WITHDRAW, CUSTOMER, State.WITHDRAWN),
)
"""The life of a transfer. Consent and delivery are one transaction, so that *consented* is never seen from outside.

What is not here is refused: what has ended is never reopened, and what was consented to is never rewritten.
"""

TRANSITIONS = {(state, verb, party): end for state, verb, parties, end in MOVES for party in parties}
PARTIES: dict[tuple[Kind, Role], Party] = {
    (Kind.CUSTOMER, Role.OWNER): Party.OWNER,
    (Kind.CUSTOMER, Role.RENEWALS_MANAGER): Party.MANAGER,
    (Kind.CUSTOMER, Role.APPROVER): Party.READER,
    (Kind.CUSTOMER, Role.VIEWER): Party.READER,
    (Kind.ADVISOR, Role.OWNER): Party.ADVISOR,
    (Kind.ADVISOR, Role.MEMBER): Party.ADVISOR,
    (Kind.DISTRIBUTOR, Role.MEMBER): Party.DISTRIBUTOR,
}


def party_of(actor: Actor | None) -> Party | None:
    """What the actor is to the transfers that it sees; nobody acts for the schedule."""
    return PARTIES.get((actor.kind, actor.role)) if actor else Party.SCHEDULE


def may(state: State, verb: Verb, party: Party | None) -> bool:
    """Whether this party may do this now."""
    return party is not None and (state, verb, party) in TRANSITIONS


def after(state: State, verb: Verb, party: Party | None) -> State:
    """The state that `verb` by `party` leads to; raises `Stale` where it leads nowhere."""
    if party is None or (state, verb, party) not in TRANSITIONS:
        raise Stale
    return TRANSITIONS[state, verb, party]


ENDED = "ended"
"""How a receipted transfer stands once its last day has passed."""


def standing(state: State, *, lapses_at: datetime, valid_until: datetime | None, now: datetime) -> str:
    """How a transfer stands by the clock, also before the schedule has written down that its time is over."""
    is_over = valid_until is not None and valid_until <= now
    if state is State.RECEIPTED:
        return ENDED if is_over else state.value
    if state in (State.REQUESTED, State.DELIVERED) and (is_over or lapses_at <= now):
        return State.LAPSED.value
    return state.value


class CompanyField(StrEnum):
    """What may be handed over about the customer itself."""

    NAME = "name"
    COUNTRY = "country"
    ADDRESS = "address"
    CONTACT_NAME = "contact_name"
    CONTACT_EMAIL = "contact_email"
    CONTACT_PHONE = "contact_phone"


class LicenceField(StrEnum):
    """What may be handed over about each licence; the serial is whole."""

    PRODUCT = "product"
    PROGRAMME = "programme"
    SERIAL = "serial"
    QUANTITY = "quantity"
    STARTS_ON = "starts_on"
    EXPIRES_ON = "expires_on"
    BOUGHT_ON = "bought_on"
    ORDER_NUMBER = "order_number"
    SUPPLIER = "supplier"


class LeftOut(StrEnum):
    """What never leaves with a transfer, whatever is chosen."""

    NOTES = "notes"
    PRICES = "prices"
    ACCESS = "access"
    PEOPLE = "people"
    REMINDERS = "reminders"
    OTHERS = "others"


CONTACT_FIELDS = frozenset({CompanyField.CONTACT_NAME, CompanyField.CONTACT_EMAIL, CompanyField.CONTACT_PHONE})


@dataclass(frozen=True, slots=True)
class Fields:
    """The exact fields of a transfer. Without a name, a product and a programme nobody could use the rest."""

    company: frozenset[CompanyField] = frozenset()
    licence: frozenset[LicenceField] = frozenset()

    @classmethod
    def of(cls, company: Iterable[str], licence: Iterable[str]) -> "Fields":
        """From stored or posted names, with what is always part of it; raises ValueError for a name unknown."""
        return cls(
            frozenset(map(CompanyField, company)) | ALWAYS.company,
            frozenset(map(LicenceField, licence)) | ALWAYS.licence,
        )

    @property
    def company_names(self) -> list[str]:
        """In the order in which they are shown."""
        return [each.value for each in CompanyField if each in self.company]

    @property
    def licence_names(self) -> list[str]:
        return [each.value for each in LicenceField if each in self.licence]

    @property
    def names_a_contact(self) -> bool:
        return bool(self.company & CONTACT_FIELDS)


ALWAYS = Fields(frozenset({CompanyField.NAME}), frozenset({LicenceField.PRODUCT, LicenceField.PROGRAMME}))
PRESET = Fields(
    ALWAYS.company | {CompanyField.COUNTRY, CompanyField.CONTACT_NAME, CompanyField.CONTACT_EMAIL},
    ALWAYS.licence | {LicenceField.SERIAL, LicenceField.QUANTITY, LicenceField.EXPIRES_ON},
)


class Refusal(StrEnum):
    """Why a transfer cannot be, whoever asks."""

    NOT_CERTIFIED = "not_certified"
    NOBODY_THERE = "nobody_there"
    NOTHING_CHOSEN = "nothing_chosen"
    TOO_MANY = "too_many"
    STILL_OPEN = "still_open"
    END_PAST = "end_past"
    END_TOO_LATE = "end_too_late"


class Refused(Exception):
    """The transfer cannot be; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be transferred: the exact fields, for what, and through which day, in the customer's zone."""

    fields: Fields
    purpose: str
    ends_on: date


def latest_end(today: date) -> date:
    """The last day that a transfer made today may have, inclusive."""
    return months_after(today, LONGEST_MONTHS)


def check_plan(plan: Plan, *, count: int, today: date) -> None:
    """Raises `Refused` for an end that is past or too far away, and for too few or too many licences."""
    if plan.ends_on < today:
        raise Refused(Refusal.END_PAST)
    if plan.ends_on > latest_end(today):
        raise Refused(Refusal.END_TOO_LATE)
    if not count:
        raise Refused(Refusal.NOTHING_CHOSEN)
    if count > LONGEST:
        raise Refused(Refusal.TOO_MANY)


def check_certified(certified_until: date | None, *, today: date) -> None:
    """Raises `Refused` unless the distributor is certified today; the date is inclusive."""
    if certified_until is None or certified_until < today:
        raise Refused(Refusal.NOT_CERTIFIED)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a snapshot says of its transfer: which, to whom, why, and under which wording."""

    transfer: str
    distributor: str
    plan: Plan
    text_version: int = TEXT_VERSION


def snapshot(
    frame: Frame, company: Mapping[CompanyField, Any], licences: Sequence[Mapping[LicenceField, Any]]
) -> dict[str, Any]:
    """What leaves, and nothing else: of all that is given only the fields of the plan, in plain values for JSON."""
    plan = frame.plan
    return {
        "format": FORMAT,
        "transfer": frame.transfer,
        "distributor": frame.distributor,
        "purpose": plan.purpose,
        "ends_on": plan.ends_on.isoformat(),
        "text_version": frame.text_version,
        "company": {each.value: plain(company.get(each)) for each in CompanyField if each in plan.fields.company},
        "licences": [
            {each.value: plain(row.get(each)) for each in LicenceField if each in plan.fields.licence}
            for row in licences
        ],
    }


def plain(value: Any) -> str | int | None:
    """A value as JSON holds it; nothing is None, whatever kind of nothing."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return value
    return str(value) if value else None


def sealed(content: Mapping[str, Any], *, nonce: str) -> dict[str, Any]:
    """The snapshot with random characters, so that its hash tells nothing to those who try to guess what left."""
    return {**content, "nonce": nonce}


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write a snapshot: sorted keys, no spaces, UTF-8. The hash is that of these bytes."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def as_table() -> str:
    """The life of a transfer in Markdown, as docs/transfers.md shows it; what has no verb has ended."""
    lines = ["| state | verb | who | becomes |", "|---|---|---|---|"]
    for state in State:
        moves = [move for move in MOVES if move[0] is state]
        lines += [f"| {state} | {verb} | {', '.join(parties)} | {end} |" for _, verb, parties, end in moves]
        if not moves:
            lines.append(f"| {state} | *(ended)* | nobody | – |")
    return "\n".join(lines)
