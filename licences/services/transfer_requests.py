"""Asking for a transfer: prepared by the customer, or proposed by an advisor; either waits for an owner's consent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.transaction import atomic

from accounts.models import Organisation
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import AccessLevel, Actor, Power, Role
from licences.models import Transfer, TransferItem, Visibility
from licences.querysets import today_in
from licences.rules.transfers import LIFE, Plan, Refusal, Refused, State, Verb, check_certified, check_plan
from licences.services import transfer_news as news
from licences.services.grants import lock_customer, own
from licences.services.transfers import certified_until, in_hand, keep


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a form asks for; the contact is one of the customer's people."""

    distributor: Organisation
    plan: Plan
    coverages: frozenset[UUID]
    contact_id: UUID | None = None
    contact_phone: str = ""
    address: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """As columns hold it."""
        return {
            "distributor": self.distributor,
            "purpose": self.plan.purpose,
            "ends_on": self.plan.ends_on,
            "company_fields": self.plan.fields.company_names,
            "licence_fields": self.plan.fields.licence_names,
            "contact_id": self.contact_id,
            "contact_phone": self.contact_phone,
            "address": self.address,
        }


@atomic
def prepare_transfer(actor: Actor, wish: Wish) -> Transfer:
    """A request that waits for an owner's consent. Owners are told, unless it is one of them who prepares it."""
    require(actor, Power.PREPARE_TRANSFERS)
    today, coverages = lock_customer(actor), own(actor, wish.coverages)
    check(wish, coverages, today=today)
    transfer = begin(actor, wish, coverages, customer_id=actor.organisation_id)
    news.write_down(actor, "transfer.prepared", transfer)
    if actor.role is not Role.OWNER:
        news.tell(actor, "asked", transfer, to=news.owners(transfer))
    return transfer


@atomic
def propose_transfer(actor: Actor, customer: Organisation, wish: Wish) -> Transfer:
    """An advisor's request, of coverages on which it has level Renew; others are passed over.

    One that the firm has proposed for this distributor, and that is not answered yet, must be taken back first.
    """
    seen = Visibility.objects.visible_to(actor).filter(customer=customer, access_level=AccessLevel.RENEW.value)
    coverages = set(seen.filter(coverage__in=wish.coverages).values_list("coverage_id", flat=True))
    level = AccessLevel.RENEW if coverages or seen.exists() else AccessLevel.NONE
    require(actor, Power.PROPOSE_TRANSFERS, level=level)
    check(wish, coverages, today=today_of(customer))
    proposed = Transfer.objects.visible_to(actor).filter(customer=customer, distributor=wish.distributor)
    if proposed.filter(state=State.REQUESTED.value).exists():
        raise Refused(Refusal.STILL_OPEN)
    transfer = begin(actor, wish, coverages, customer_id=customer.pk, advisor_id=actor.organisation_id)
    news.write_down(actor, "transfer.proposed", transfer)
    news.tell(actor, "asked", transfer, to=news.owners(transfer))
    return transfer


def check(wish: Wish, coverages: Collection[UUID], *, today: date) -> None:
    """Raises `Refused` for what could not be consented to either."""
    check_plan(wish.plan, count=len(coverages), today=today)
    check_certified(certified_until(wish.distributor.pk), today=today)


def today_of(customer: Organisation) -> date:
    """Today's date in the customer's zone, by the database's clock."""
    today: date = Organisation.objects.filter(pk=customer.pk).values_list(today_in("time_zone"), flat=True).get()
    return today


def begin(actor: Actor, wish: Wish, coverages: Collection[UUID], **whose: UUID) -> Transfer:
    """Stores a request and what is chosen for it; three statements."""
    now = database_now()
    transfer = Transfer.objects.create(
        **wish.columns, **whose, count=len(coverages), created_by_id=actor.user_id, created_at=now, lapses_at=now + LIFE
    )
    choose(transfer, coverages)
    return Transfer.objects.select_related("distributor").get(pk=transfer.pk)


def choose(transfer: Transfer, coverages: Collection[UUID]) -> None:
    """Names the coverages in a transfer, one statement for all."""
    TransferItem.objects.bulk_create(
        TransferItem(customer_id=transfer.customer_id, transfer=transfer, coverage_id=pk) for pk in sorted(coverages)
    )


@atomic
def change_transfer(actor: Actor, *, transfer: Transfer, version: int, wish: Wish) -> None:
    """Other fields, licences, purpose or distributor for a request that waits for consent, whoever asked for it."""
    require(actor, Power.PREPARE_TRANSFERS)
    today, coverages = lock_customer(actor), own(actor, wish.coverages)
    row, state = in_hand(actor, transfer, Verb.CHANGE, version=version)
    check(wish, coverages, today=today)
    TransferItem.objects.filter(transfer=row).delete()
    choose(row, coverages)
    keep(row, state=state.value, count=len(coverages), **wish.columns)
    news.write_down(actor, "transfer.changed", row)
