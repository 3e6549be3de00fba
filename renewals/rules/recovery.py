"""Beginning anew after a lapse beyond the boundary (1-product, "Recovery")."""

from datetime import date
from fractions import Fraction

from renewals.rules.lines import Kind, Line, cover
from renewals.rules.positions import Position
from renewals.rules.pricing import FactorKind
from renewals.rules.years import years


def recovery(position: Position, ends_on: date) -> tuple[Line, ...]:
    """Cover from the day after the pricing day through `ends_on`; the first year costs the policy's factor.

    The gap before it stays for good.
    """
    length = years(position.priced_on, ends_on)
    surcharge = Fraction(position.policy.factor) - 1
    first_year = position.tariff.part(min(length, Fraction(1))).times(FactorKind.SURCHARGE, surcharge)
    parts = (position.tariff.part(length), first_year)
    return (cover(position, Kind.RECOVERY, parts=parts, after_on=position.priced_on, ends_on=ends_on),)
