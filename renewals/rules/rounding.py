"""From exact amounts to money (1-product, "Rounding")."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

HALF = Fraction(1, 2)


class Rounding(StrEnum):
    """Where an exact amount between two minor units goes."""

    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"


def rounded(amount: Fraction, unit: Decimal, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """`amount` as a whole number of minor units; `unit` is the currency's (0.01 for EUR, 1 for JPY)."""
    units = amount / Fraction(unit)
    if rounding is Rounding.UP:
        return ceil(units) * unit
    return floor(units + HALF if rounding is Rounding.HALF_UP else units) * unit
