"""The prices of a draft: added, changed, removed, all moved by a percentage, or taken from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.permissions import require
from accounts.rules import Actor, Power
from interface.money import minor_unit
from renewals.models import Price, PriceSchedule
from renewals.rules.schedules import Obstacle, ScheduleRefused
from renewals.services.schedules import BATCH, draft_schedule, locked_draft, told


@dataclass(frozen=True, slots=True)
class Listed:
    """One price as it is to stand in a schedule; quantities inclusive, `amount` for one seat and the whole term."""

    product: UUID
    currency: str
    months: int
    qty_min: int
    qty_max: int | None
    amount: Decimal

    def fields(self) -> dict[str, Any]:
        """The columns of a price."""
        own = {"currency": self.currency, "months": self.months, "amount": self.amount}
        return {"product_id": self.product, "qty_min": self.qty_min, "qty_max": self.qty_max, **own}


@transaction.atomic
def set_price(actor: Actor, schedule: PriceSchedule, listed: Listed, *, pk: UUID | None = None) -> Price:
    """Adds a price to a draft, or changes the one named; raises ScheduleRefused, also where two would overlap."""
    require(actor, Power.KEEP_PRICES)
    draft = locked_draft(schedule)
    price = Price.objects.filter(schedule=draft, pk=pk).first() if pk else Price(schedule=draft)
    if price is None:
        raise ScheduleRefused(Obstacle.NO_DRAFT)
    for name, value in listed.fields().items():
        setattr(price, name, value)
    try:
        with transaction.atomic():
            price.save()
    except IntegrityError as error:
        raise ScheduleRefused(Obstacle.OVERLAP) from error
    told(actor, "prices.changed" if pk else "prices.added", draft, product=str(listed.product))
    return price


@transaction.atomic
def remove_price(actor: Actor, schedule: PriceSchedule, *, pk: UUID) -> None:
    """Takes a price out of a draft; one that is gone already is no matter."""
    require(actor, Power.KEEP_PRICES)
    draft = locked_draft(schedule)
    for price in Price.objects.filter(schedule=draft, pk=pk):
        price.delete()
        told(actor, "prices.removed", draft, product=str(price.product_id))


@transaction.atomic
def move_prices(actor: Actor, schedule: PriceSchedule, *, percent: Decimal) -> int:
    """Changes every price of a draft by so many percent, to its currency's minor unit; says how many there are.

    A price that was finer than the minor unit keeps its six decimals.
    """
    require(actor, Power.KEEP_PRICES)
    draft = locked_draft(schedule)
    prices = list(Price.objects.filter(schedule=draft))
    for price in prices:
        price.amount = _moved(price, 1 + percent / 100)
    Price.objects.bulk_update(prices, ["amount"], batch_size=BATCH)
    told(actor, "prices.moved", draft, percent=str(percent))
    return len(prices)


def _moved(price: Price, factor: Decimal) -> Decimal:
    unit = minor_unit(price.currency)
    fine = unit if price.amount % unit == 0 else Decimal("0.000001")
    return (price.amount * factor).quantize(fine)


@transaction.atomic
def import_prices(
    actor: Actor, *, programme: str, lines: Sequence[Listed], refused: Sequence[dict[str, Any]], keep: UUID | None
) -> PriceSchedule:
    """A new draft with the prices of a file, and those of the version `keep` that no line of it names or meets.

    Nothing that is in force changes: the draft is the preview, and publishing it the confirmation. What was refused
    is kept with it. Lines must not overlap one another.
    """
    require(actor, Power.KEEP_PRICES)
    draft = draft_schedule(actor, programme=programme)
    draft.refused = list(refused)
    draft.save(update_fields=["refused"])
    Price.objects.bulk_create((Price(schedule=draft, **line.fields()) for line in lines), batch_size=BATCH)
    if keep:
        named = {(line.product, line.currency, line.months) for line in lines}
        kept = (row for row in Price.objects.filter(schedule=keep) if _article(row) not in named)
        Price.objects.bulk_create((Price(schedule=draft, **_fields(row)) for row in kept), batch_size=BATCH)
    told(actor, "prices.imported", draft, lines=len(lines), refused=len(refused))
    return draft


def _article(row: Price) -> tuple[UUID, str, int]:
    return row.product_id, row.currency, row.months


def _fields(row: Price) -> dict[str, Any]:
    return Listed(row.product_id, row.currency, row.months, row.qty_min, row.qty_max, row.amount).fields()
