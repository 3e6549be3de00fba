"""What a quote rested on, as plain data that is kept with it, and back again: nothing is ever recalculated."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from renewals.rules.policy import DEFAULT, Policy
from renewals.rules.positions import Basis, Entitlement, Position
from renewals.rules.pricing import Factor, FactorKind, Part, PriceRow, Prices
from renewals.rules.reminders import Schedule
from renewals.rules.rounding import Rounding

Data = dict[str, Any]


def basis_data(basis: Basis, held: Iterable[Position], *, tier: str = "") -> Data:
    """The basis as far as these positions rest on it: prices, policies, minor units, discount, and what is priced."""
    owned = {each.coverage: each.entitlement for each in held}
    articles = {each.article for each in owned.values()}
    programmes = {each.programme for each in owned.values()}
    return {
        "tier": tier,
        "discount": str(basis.discount),
        "units": {currency: str(unit) for currency, unit in sorted(basis.units.items())},
        "policies": {name: policy_data(basis.policies.get(name, DEFAULT)) for name in sorted(programmes)},
        "prices": [price_data(row) for row in basis.prices.rows if row.article in articles],
        "owned": {str(pk): owned_data(each) for pk, each in owned.items()},
    }


def basis_from(data: Mapping[str, Any], *, priced_on: date) -> Basis:
    """The basis that was kept."""
    return Basis(
        priced_on=priced_on,
        prices=Prices(map(price_from, data["prices"])),
        units={currency: Decimal(unit) for currency, unit in data["units"].items()},
        policies={name: policy_from(each) for name, each in data["policies"].items()},
        discount=Decimal(data["discount"]),
    )


def owned_from(data: Mapping[str, Any]) -> dict[UUID, Entitlement]:
    """The coverages as they were, by id."""
    return {UUID(pk): entitlement_from(UUID(pk), each) for pk, each in data["owned"].items()}


def owned_data(owned: Entitlement) -> Data:
    kept = {name: value for name, value in asdict(owned).items() if name != "coverage"}
    return {name: value if isinstance(value, int) else text(value) for name, value in kept.items()}


def entitlement_from(coverage: UUID, data: Mapping[str, Any]) -> Entitlement:
    return Entitlement(
        coverage=coverage,
        product=UUID(data["product"]),
        programme=data["programme"],
        currency=data["currency"],
        quantity=data["quantity"],
        expires_on=date.fromisoformat(data["expires_on"]),
        last_cover_on=day(data["last_cover_on"]),
    )


def policy_data(policy: Policy) -> Data:
    return {
        "boundary": policy.boundary,
        "fee": str(policy.fee),
        "factor": str(policy.factor),
        "minimum_months": policy.minimum_months,
        "horizon_months": policy.horizon_months,
        "validity_days": policy.validity_days,
        "rounding": policy.rounding.value,
    }


def policy_from(data: Mapping[str, Any]) -> Policy:
    return Policy(
        schedule=Schedule(boundary=data["boundary"]),
        fee=Decimal(data["fee"]),
        factor=Decimal(data["factor"]),
        minimum_months=data["minimum_months"],
        horizon_months=data["horizon_months"],
        validity_days=data["validity_days"],
        rounding=Rounding(data["rounding"]),
    )


def price_data(row: PriceRow) -> Data:
    return {name: value if isinstance(value, int) else text(value) for name, value in asdict(row).items()}


def price_from(data: Mapping[str, Any]) -> PriceRow:
    return PriceRow(
        product=UUID(data["product"]),
        programme=data["programme"],
        currency=data["currency"],
        months=data["months"],
        amount=Decimal(data["amount"]),
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=day(data["valid_to"]),
        qty_min=data["qty_min"],
        qty_max=data["qty_max"],
    )


def parts_data(parts: Iterable[Part]) -> list[Data]:
    """A line's arithmetic: factors as exact text, "181/365"."""
    return [
        {
            "price": str(part.price),
            "months": part.months,
            "factors": [[factor.kind.value, str(factor.value)] for factor in part.factors],
        }
        for part in parts
    ]


def parts_from(data: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(
        Part(
            Decimal(part["price"]),
            part["months"],
            tuple(Factor(FactorKind(kind), Fraction(value)) for kind, value in part["factors"]),
        )
        for part in data
    )


def text(value: object) -> str | None:
    return None if value is None else str(value)


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
