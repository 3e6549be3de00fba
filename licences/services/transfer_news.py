"""What happens to a transfer is written down for everybody whom it concerns, and told by mail."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from accounts import audit, outbox
from accounts.models import Membership
from accounts.outbox import Addressee
from accounts.rules import Actor, Role
from licences.models import Assignment, Transfer
from licences.rules.access import Grant
from licences.services.grants import named_by, terms_of
from licences.services.notices import TOLD_OF_ACCESS, readers

LETTER, LINK = "licences.transfer", "licences.transfer_link"
OWNERS = (Role.OWNER.value,)


def write_down(
    actor: Actor | None, verb: str, transfer: Transfer, *, others: Iterable[UUID] = (), **details: Any
) -> None:
    """The audit's entries: the customer's; from the delivery on the distributor's; that of the firm that proposed.

    `others` are firms that learn of it without its size, for each of them sees only a part.
    """
    shown: dict[str, Any] = {"customer_id": transfer.customer_id, "subject_id": transfer.pk}
    shown["distributor"] = str(transfer.distributor_id)
    if transfer.sha256:
        shown["hash"] = transfer.sha256
    concerned = {transfer.customer_id, transfer.advisor_id, transfer.distributor_id if transfer.sha256 else None}
    audit.record(actor, verb, organisations=concerned, count=transfer.count, **shown, **details)
    if further := set(others) - concerned:
        audit.record(actor, verb, organisations=further, **shown)


def tell(actor: Actor | None, news: str, transfer: Transfer, *, to: Iterable[Addressee], **context: Any) -> None:
    """A letter for each reader. The key keeps the same news from going out twice to the same address."""
    for reader in {each.email: each for each in to}.values():
        outbox.post(
            actor,
            LETTER,
            reader,
            customer_id=transfer.customer_id,
            key=f"transfer:{transfer.pk}:{news}:{reader.email}"[:200],
            transfer=str(transfer.pk),
            news=news,
            **context,
        )


def hand_link(actor: Actor, transfer: Transfer, *, token: str, to: Iterable[Addressee]) -> None:
    """The token travels in these letters alone, whose context no tenant can read and which is wiped once sent."""
    for reader in to:
        outbox.post(
            actor,
            LINK,
            reader,
            give_up_at=transfer.lapses_at,
            transfer=str(transfer.pk),
            token=token,
            stamp=transfer.token_hash,
        )


def people(organisation_id: UUID, *, roles: Collection[str] = ()) -> list[Addressee]:
    """The organisation's people, or those of these roles."""
    team = Membership.objects.filter(organisation=organisation_id, user__is_active=True).select_related("user")
    return [
        Addressee.person(member.user, organisation_id)
        for member in team.order_by("id")
        if not roles or member.role in roles
    ]


def customers_people(transfer: Transfer) -> list[Addressee]:
    """The customer's owners and renewals managers."""
    return people(transfer.customer_id, roles=TOLD_OF_ACCESS)


def owners(transfer: Transfer) -> list[Addressee]:
    """Who may consent."""
    return people(transfer.customer_id, roles=OWNERS)


def receivers(transfer: Transfer) -> list[Addressee]:
    """Everybody at the distributor."""
    return people(transfer.distributor_id)


def proposers(transfer: Transfer) -> list[Addressee]:
    """Who proposed it, or the firm's owners where that person has left; nobody where the customer prepared it."""
    if transfer.advisor_id is None:
        return []
    team = people(transfer.advisor_id)
    return [each for each in team if each.user_id == transfer.created_by_id] or people(
        transfer.advisor_id, roles=OWNERS
    )


def helping(customer_id: UUID, coverages: Collection[UUID]) -> list[Assignment]:
    """The assignments in force that reach any of these coverages; four queries."""
    in_force = Assignment.objects.in_force().filter(customer=customer_id)
    rows = list(in_force.select_related("contact").order_by("id"))
    named = named_by(rows, coverages)
    grants = [Grant(row.pk, terms_of(row), frozenset(named.get(row.pk, ()))) for row in rows]
    return [row for row, grant in zip(rows, grants, strict=True) if any(map(grant.reaches, coverages))]


def contacts(rows: Iterable[Assignment]) -> list[Addressee]:
    """Whom of their firms these assignments tell."""
    return [reader for row in rows for reader in readers(row) if reader.organisation_id == row.advisor_id]
