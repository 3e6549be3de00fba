"""Transfers to a distributor: consented to and sealed, sent, declined, taken back."""

import secrets
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, Func, Value
from django.db.transaction import atomic
from django.utils.translation import get_language

from accounts.models import Distributor, Organisation
from accounts.outbox import Addressee
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Transfer, TransferSnapshot
from licences.rules.changes import Stale
from licences.rules.transfers import (
    LIFE,
    TEXT_VERSION,
    Party,
    Refusal,
    Refused,
    State,
    Verb,
    after,
    check_certified,
    check_plan,
    digest,
    party_of,
    sealed,
)
from licences.services import transfer_news as news
from licences.services.grants import lock_customer
from licences.services.snapshots import Preview, plan_of, preview_of


@atomic
def consent(actor: Actor, *, transfer: Transfer, version: int, stamp: str) -> Transfer:
    """Seals the snapshot and delivers it: a letter with a token of 15 days to everybody at the distributor.

    Raises `Stale` when what would leave is not what `stamp` was shown for, and `Refused` when the distributor is not
    certified today, or nobody works there.
    """
    require(actor, Power.CONSENT_TRANSFER)
    today = lock_customer(actor)
    row, state = in_hand(actor, transfer, Verb.CONSENT, version=version)
    preview = preview_of(actor, row)
    if preview.stamp != stamp:
        raise Stale
    check_plan(plan_of(row), count=preview.count, today=today)
    check_certified(certified_until(row.distributor_id), today=today)
    seal(actor, row, preview, state=state)
    return deliver(actor, row, preview)


def seal(actor: Actor, row: Transfer, preview: Preview, *, state: State) -> None:
    """Stores what is consented to, by whom, under which wording; from now on it is never rewritten."""
    content = sealed(preview.content, nonce=secrets.token_hex(16))
    now, home = database_now(), Organisation.objects.get(pk=row.customer_id)
    keep(
        row,
        state=state.value,
        count=preview.count,
        sender=home.name,
        consented_by_id=actor.user_id,
        consented_at=now,
        text_version=TEXT_VERSION,
        language=get_language() or "",
        sha256=digest(content),
        valid_until=Func(
            Value(row.ends_on), Value(home.time_zone), function="coterm_day_end", output_field=DateTimeField()
        ),
        lapses_at=now + LIFE,
    )
    TransferSnapshot.objects.create(transfer=row, customer_id=row.customer_id, content=content)


def deliver(actor: Actor, row: Transfer, preview: Preview) -> Transfer:
    """Sends the token, and tells the customer, the firm that proposed it and the other advisors of these licences."""
    to = news.receivers(row)
    if not to:
        raise Refused(Refusal.NOBODY_THERE)
    state = after(State.CONSENTED, Verb.DELIVER, party_of(actor))
    row = with_token(actor, row, to=to, state=state)
    others = news.helping(row.customer_id, preview.coverages)
    news.write_down(actor, "transfer.delivered", row, others={each.advisor_id for each in others})
    news.tell(actor, "delivered", row, to=news.customers_people(row))
    news.tell(actor, "agreed", row, to=news.proposers(row))
    news.tell(actor, "told", row, to=news.contacts(each for each in others if each.advisor_id != row.advisor_id))
    return row


def with_token(actor: Actor, row: Transfer, *, to: list[Addressee], state: State) -> Transfer:
    """A new token, of which only the hash is kept, in a letter to each of these people; an older one is void."""
    token = secrets.token_urlsafe(32)
    keep(row, state=state.value, token_hash=token_digest(token))
    fresh = Transfer.objects.select_related("distributor").get(pk=row.pk)
    news.hand_link(actor, fresh, token=token, to=to)
    return fresh


def token_digest(token: str) -> str:
    """How a token is kept: nobody who reads the database can use it."""
    return sha256(token.encode()).hexdigest()


@atomic
def send_again(actor: Actor, *, transfer: Transfer) -> None:
    """A new link for a delivery that waits for its receipt; the old one is void, the time that is left is the same."""
    require(actor, Power.PREPARE_TRANSFERS)
    row, state = in_hand(actor, transfer, Verb.SEND_AGAIN)
    if not (to := news.receivers(row)):
        raise Refused(Refusal.NOBODY_THERE)
    news.write_down(actor, "transfer.sent_again", with_token(actor, row, to=to, state=state))


@atomic
def decline(actor: Actor, *, transfer: Transfer, reason: str = "") -> None:
    """The customer says no to a request; the firm that proposed it is told."""
    require(actor, Power.PREPARE_TRANSFERS)
    row, state = in_hand(actor, transfer, Verb.DECLINE)
    end(actor, row, state, reason=reason)
    news.write_down(actor, "transfer.declined", row)
    news.tell(actor, "declined", row, to=news.proposers(row))


@atomic
def withdraw(actor: Actor, *, transfer: Transfer, reason: str = "") -> None:
    """Takes a request or a transfer back. The distributor sees nothing of it any more; what has left, has left."""
    if party_of(actor) is not Party.ADVISOR:  # A firm sees its own proposals alone.
        require(actor, Power.PREPARE_TRANSFERS)
    row, state = in_hand(actor, transfer, Verb.WITHDRAW)
    before = State(row.state)
    to = news.proposers(row) if actor.organisation_id == row.customer_id else []
    end(actor, row, state, reason=reason)
    news.write_down(actor, "transfer.withdrawn", row, before=before.value)
    if before is not State.REQUESTED:
        to += news.receivers(row) + news.customers_people(row)
    news.tell(actor, "withdrawn", row, to=to)


def end(actor: Actor, row: Transfer, state: State, *, reason: str = "") -> None:
    """Stores an end, and voids the token."""
    keep(row, state=state.value, reason=reason, ended_at=database_now(), ended_by_id=actor.user_id, token_hash="")


def in_hand(actor: Actor, transfer: Transfer, verb: Verb, *, version: int | None = None) -> tuple[Transfer, State]:
    """The transfer, locked, and the state that `verb` leads to.

    Raises `Stale` where it leads nowhere, when the time has run out, and when it is not as `version` was.
    """
    rows = Transfer.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    row = rows.select_related("distributor").annotate(now=database_now()).filter(pk=transfer.pk).first()
    if row is None or version not in (None, row.version):
        raise Stale
    if row.state in (State.REQUESTED, State.DELIVERED) and row.lapses_at <= row.now:
        raise Stale
    return row, after(State(row.state), verb, party_of(actor))


def keep(transfer: Transfer, **values: Any) -> None:
    """Stores a step; each is a version of its own."""
    Transfer.objects.filter(pk=transfer.pk).update(version=F("version") + 1, **values)


def certified_until(distributor_id: UUID) -> date | None:
    """The last day of a distributor's certification, inclusive."""
    return Distributor.objects.filter(pk=distributor_id).values_list("certified_until", flat=True).first()
