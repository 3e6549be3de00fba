"""Policies and discounts: a version is added for a day to come, and taken back before it."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.permissions import require
from accounts.rules import Actor, Power
from renewals.models import RenewalPolicy, TierDiscount
from renewals.rules.policy import Policy
from renewals.rules.schedules import Obstacle, ScheduleRefused


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a programme sets of a policy; reminders take the boundary from it (decision 10)."""

    boundary: int
    fee: Decimal
    factor: Decimal
    minimum_months: int
    horizon_months: int
    validity_days: int
    rounding: str

    def values(self) -> dict[str, Decimal | int | str]:
        """By the names of the columns."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@transaction.atomic
def add_policy(actor: Actor, *, programme: str, valid_from: date, numbers: Numbers, today: date) -> RenewalPolicy:
    """A policy for that programme from that day on, until the next one begins; raises ScheduleRefused."""
    require(actor, Power.KEEP_PRICES)
    Policy(fee=numbers.fee, factor=numbers.factor)  # Raises ValueError where waiting would be rewarded.
    if valid_from < today:
        raise ScheduleRefused(Obstacle.PAST)
    try:
        with transaction.atomic():
            added = RenewalPolicy.objects.create(programme=programme, valid_from=valid_from, **numbers.values())
    except IntegrityError as error:
        raise ScheduleRefused(Obstacle.TAKEN) from error
    _told(actor, "policy.added", added, programme=programme)
    return added


@transaction.atomic
def withdraw_policy(actor: Actor, policy: RenewalPolicy, *, today: date) -> None:
    """Takes back a policy that has not begun; raises ScheduleRefused once it has."""
    require(actor, Power.KEEP_PRICES)
    if policy.valid_from <= today:
        raise ScheduleRefused(Obstacle.BEGUN)
    _told(actor, "policy.withdrawn", policy, programme=policy.programme)
    policy.delete()


@transaction.atomic
def add_discount(actor: Actor, *, tier: str, valid_from: date, share: Decimal, today: date) -> TierDiscount:
    """What firms of that tier take off cover from that day on; `share` 0.04 is 4 %. Raises ScheduleRefused."""
    require(actor, Power.KEEP_PRICES)
    if valid_from < today:
        raise ScheduleRefused(Obstacle.PAST)
    try:
        with transaction.atomic():
            added = TierDiscount.objects.create(tier=tier, valid_from=valid_from, share=share)
    except IntegrityError as error:
        raise ScheduleRefused(Obstacle.TAKEN) from error
    _told(actor, "discount.added", added, tier=tier, share=str(share))
    return added


@transaction.atomic
def withdraw_discount(actor: Actor, discount: TierDiscount, *, today: date) -> None:
    """Takes back a discount that has not begun; raises ScheduleRefused once it has."""
    require(actor, Power.KEEP_PRICES)
    if discount.valid_from <= today:
        raise ScheduleRefused(Obstacle.BEGUN)
    _told(actor, "discount.withdrawn", discount, tier=discount.tier)
    discount.delete()


def _told(actor: Actor, verb: str, version: RenewalPolicy | TierDiscount, **details: str) -> None:
    own: dict[str, Any] = {"valid_from": version.valid_from.isoformat(), **details}
    audit.record(actor, verb, organisations=[actor.organisation_id], subject_id=version.pk, **own)
