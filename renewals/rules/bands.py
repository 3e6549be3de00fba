"""When more seats cost less (1-product, "Price lookup")."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from renewals.rules.positions import Basis, Entitlement, position
from renewals.rules.quoting import cost
from renewals.rules.refusals import PriceFault


@dataclass(frozen=True, slots=True)
class Hint:
    """The larger quantity whose whole price, `amount`, lies `saving` below that of the quantity asked for."""

    quantity: int
    amount: Decimal
    saving: Decimal


def hint(entitlement: Entitlement, basis: Basis, *, ends_on: date) -> Hint | None:
    """The larger band that saves most, fee and cap included; of equals the smallest, None where none saves."""
    own = cost(position(entitlement, basis), ends_on)
    cheaper = [
        Hint(quantity, amount, own - amount)
        for quantity, amount in _larger(entitlement, basis, ends_on)
        if amount < own
    ]
    return max(cheaper, key=lambda found: found.saving, default=None)


def _larger(entitlement: Entitlement, basis: Basis, ends_on: date) -> Iterator[tuple[int, Decimal]]:
    for quantity in basis.prices.bands(entitlement.article, above=entitlement.quantity, on=basis.priced_on):
        try:
            yield quantity, cost(position(replace(entitlement, quantity=quantity), basis), ends_on)
        except PriceFault:  # The band has faults of its own, which are no concern of this quantity.
            continue
