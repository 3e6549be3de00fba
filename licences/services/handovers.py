"""What a distributor does with a transfer: it gives a receipt or refuses, and takes copies."""

from typing import Any

from django.db.models import F
from django.db.transaction import atomic

from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Transfer, TransferSnapshot
from licences.rules.transfers import State, Verb
from licences.services import transfer_news as news
from licences.services.transfers import end, in_hand, keep, token_digest


class TransferGone(Exception):
    """No delivery waits under this token, for this distributor: spent, replaced, lapsed, withdrawn, or never made."""


def waiting(actor: Actor, *, token: str) -> Transfer:
    """The delivery that a token opens; raises `TransferGone`. It takes the mail and a place at the distributor."""
    require(actor, Power.RECEIVE_TRANSFERS)
    rows = Transfer.objects.visible_to(actor).filter(state=State.DELIVERED.value, token_hash=token_digest(token))
    found = rows.first()
    if found is None:
        raise TransferGone
    return found


@atomic
def receipt(actor: Actor, *, token: str) -> Transfer:
    """Confirms that a delivery has arrived: from now on the distributor sees its snapshot, and the customer is told."""
    row, state = in_hand(actor, waiting(actor, token=token), Verb.RECEIPT)
    keep(row, state=state.value, receipted_at=database_now(), receipted_by_id=actor.user_id, token_hash="")
    news.write_down(actor, "transfer.receipted", row)
    return row


@atomic
def refuse(actor: Actor, *, token: str, reason: str = "") -> Transfer:
    """Sends a delivery back unopened."""
    row, state = in_hand(actor, waiting(actor, token=token), Verb.DECLINE)
    end(actor, row, state, reason=reason)
    news.write_down(actor, "transfer.refused", row)
    return row


@atomic
def take_copy(actor: Actor, *, transfer: Transfer) -> dict[str, Any]:
    """The snapshot, to be taken away; the customer reads in its history that it was, and how often."""
    require(actor, Power.RECEIVE_TRANSFERS)
    row, state = in_hand(actor, transfer, Verb.COPY)
    content: dict[str, Any] = TransferSnapshot.objects.visible_to(actor).get(transfer=row).content
    keep(row, state=state.value, copies=F("copies") + 1, copied_at=database_now())
    news.write_down(actor, "transfer.copied", row)
    return content
