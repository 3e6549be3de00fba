"""Closing the gap of lapsed cover, with its fee and its cap (1-product, "Reinstatement")."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from renewals.rules.lines import Kind, Line, cover, lot
from renewals.rules.positions import Position
from renewals.rules.pricing import Factor, FactorKind, Part
from renewals.rules.recovery import recovery
from renewals.rules.years import years

LESS = (Factor(FactorKind.LESS, Fraction(-1)),)


def reinstatement(position: Position, ends_on: date) -> tuple[Line, ...]:
    """Cover since the expiry through `ends_on`, the fee on its back part, and a cap where recovery would cost less."""
    fee = _fee(position)
    whole = replace(_period(position, ends_on), back=fee.parts[0].price)
    return (whole, fee, *_cap(position, whole, fee))


def _period(position: Position, ends_on: date) -> Line:
    part = position.tariff.part(years(position.expires_on, ends_on))
    return cover(position, Kind.REINSTATEMENT, parts=(part,), after_on=position.expires_on, ends_on=ends_on)


def _fee(position: Position) -> Line:
    back = Part(_period(position, position.priced_on).amount).times(FactorKind.FEE, Fraction(position.policy.fee))
    return lot(
        position, Kind.REINSTATEMENT_FEE, parts=(back,), after_on=position.expires_on, ends_on=position.priced_on
    )


def _cap(position: Position, whole: Line, fee: Line) -> tuple[Line, ...]:
    """What reinstating would cost beyond recovery to the same date is taken off, so that waiting never pays."""
    (recovered,) = recovery(position, whole.ends_on)
    parts = (Part(recovered.amount), Part(whole.amount, factors=LESS), Part(fee.amount, factors=LESS))
    cap = lot(position, Kind.REINSTATEMENT_CAP, parts=parts, after_on=whole.after_on, ends_on=whole.ends_on)
    return (cap,) if cap.amount < Decimal(0) else ()
