"""What the demo's programme charges: three versions of each schedule, policies and the discounts of tiers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from licences.models import PROGRAMMES, Product
from renewals.demo.draws import demo_id, table
from renewals.demo.rows import add, ids_by
from renewals.models import Price, PriceSchedule, RenewalPolicy, TierDiscount

CENT = Decimal("0.01")
TERMS = (12, 24, 36)


@dataclass(frozen=True)
class Offer:
    """One line of the table: the prices of a product's terms for a band, in euros."""

    product: str
    programme: str
    qty_min: int
    qty_max: int | None
    amounts: tuple[Decimal, ...]


def load_prices(now: datetime) -> None:
    """Versions that begin on the first days of last year, of this one and of the next."""
    products = {
        code: ids_by(Product, "name", customer=None)[facts["name"]] for code, facts in table("products").items()
    }
    for programme in PROGRAMMES:
        offers = [offer for offer in map(_offer, PRICES["prices"]) if offer.programme == programme]
        _load_schedules(programme, offers, products, now)
    _load_policies(now.date())


def _load_schedules(programme: str, offers: list[Offer], products: dict[str, UUID], now: datetime) -> None:
    """Written as drafts, then published: a published version takes no more prices."""
    drafts = {version["year"]: _draft(programme, version, now) for version in PRICES["versions"]}
    known = set(PriceSchedule.objects.filter(programme=programme).values_list("pk", flat=True))
    missing = {year: draft for year, draft in drafts.items() if draft.pk not in known}
    add(PriceSchedule, missing.values())
    changes = {version["year"]: 1 + Decimal(version["change"]) / 100 for version in PRICES["versions"]}
    for year, draft in missing.items():
        add(Price, _prices(draft, offers, products, changes[year]))
        PriceSchedule.objects.filter(pk=draft.pk).update(state="published", published_at=now)


def _draft(programme: str, version: dict[str, str], now: datetime) -> PriceSchedule:
    year = now.year + int(version["year"])
    last = max(each["year"] for each in PRICES["versions"])
    return PriceSchedule(
        id=demo_id("schedule", programme, year),
        programme=programme,
        valid_from=date(year, 1, 1),
        valid_to=None if version["year"] == last else date(year, 12, 31),
        note=version["note"],
    )


def _offer(line: str) -> Offer:
    product, programme, band, amounts = line.split(" | ")
    low, high = band.split("-")
    exact = tuple(Decimal(amount) for amount in amounts.split(", "))
    return Offer(product, programme.lower(), int(low), int(high) if high else None, exact)


def _prices(
    schedule: PriceSchedule, offers: list[Offer], products: dict[str, UUID], change: Decimal
) -> Iterator[Price]:
    for offer in offers:
        for currency, rate in PRICES["currencies"].items():
            for months, amount in zip(TERMS, offer.amounts, strict=True):
                yield Price(
                    id=demo_id("price", schedule.pk, offer.product, offer.qty_min, currency, months),
                    schedule=schedule,
                    product_id=products[offer.product],
                    currency=currency,
                    months=months,
                    qty_min=offer.qty_min,
                    qty_max=offer.qty_max,
                    amount=(amount * Decimal(rate) * change).quantize(CENT),
                )


def _load_policies(today: date) -> None:
    begun = {"valid_from": date(today.year - 1, 1, 1)}
    missing = set(PROGRAMMES) - set(RenewalPolicy.objects.values_list("programme", flat=True))
    add(RenewalPolicy, (RenewalPolicy(id=demo_id("policy", code), programme=code, **begun) for code in missing))
    add(
        TierDiscount,
        (
            TierDiscount(id=demo_id("discount", tier), tier=tier, share=Decimal(share), **begun)
            for tier, share in PRICES["discounts"].items()
        ),
    )


PRICES = table("prices")
