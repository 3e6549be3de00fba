"""What a quote rests on, read from the database: prices, policies and a discount as they stand on a pricing day."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from interface.money import minor_unit
from licences.models import PROGRAMMES
from renewals.models import Price, RenewalPolicy, TierDiscount
from renewals.rules.policy import DEFAULT, Policy
from renewals.rules.positions import Basis, Entitlement
from renewals.rules.pricing import PriceRow, Prices
from renewals.rules.reminders import Schedule
from renewals.rules.rounding import Rounding


def basis_for(entitlements: Iterable[Entitlement], *, priced_on: date, tier: str = "") -> Basis:
    """The basis of a quote over these coverages, in three statements whatever their number.

    Reads as whoever acts: prices need a customer, a firm that may quote, or the programme. `tier` is that of the firm
    that quotes, "" for none. Nothing is refused here: `rules.positions.positions` names every coverage that has no
    price (or, were the database's own guard gone, two). A programme without a policy has the defaults.
    """
    articles = {entitlement.article for entitlement in entitlements}
    return Basis(
        priced_on=priced_on,
        prices=Prices(_price_rows(articles, priced_on)),
        units={currency: minor_unit(currency) for _, _, currency in articles},
        policies=policies_on(priced_on),
        discount=discount_on(priced_on, tier=tier),
    )


def policies_on(day: date) -> dict[str, Policy]:
    """The policy in force on that day by programme; those without one are left out, and have the defaults."""
    return {row.programme: as_policy(row) for row in RenewalPolicy.objects.in_force(day)}


def boundaries_on(day: date) -> dict[str, int]:
    """For every programme, how many days after the expiry a gap can still be closed on that day; one query."""
    found = policies_on(day)
    return {code: found.get(code, DEFAULT).boundary for code in PROGRAMMES}


def discount_on(day: date, *, tier: str) -> Decimal:
    """The share that a firm of that tier takes off cover on that day."""
    shares = TierDiscount.objects.in_force(day).filter(tier=tier).values_list("share", flat=True) if tier else ()
    return next(iter(shares), Decimal(0))


def as_policy(row: RenewalPolicy) -> Policy:
    """One version of a policy as the rules know it."""
    return Policy(
        schedule=Schedule(boundary=row.boundary),
        fee=row.fee,
        factor=row.factor,
        minimum_months=row.minimum_months,
        horizon_months=row.horizon_months,
        validity_days=row.validity_days,
        rounding=Rounding(row.rounding),
    )


def _price_rows(articles: Collection[tuple[object, str, str]], on: date) -> Iterable[PriceRow]:
    if not articles:
        return ()
    products, programmes, currencies = map(set, zip(*articles, strict=True))
    rows = Price.objects.in_force(on).filter(
        product__in=products, schedule__programme__in=programmes, currency__in=currencies
    )
    return (PriceRow(**fields) for fields in rows.as_rows())
