"""The lines of a quote, each with the arithmetic that leads to its amount (1-product, "Rounding")."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from renewals.rules import years
from renewals.rules.positions import Position
from renewals.rules.pricing import FactorKind, Part


class Kind(StrEnum):
    """What a line is paid for."""

    RENEWAL = "renewal"
    REINSTATEMENT = "reinstatement"
    REINSTATEMENT_FEE = "reinstatement_fee"
    REINSTATEMENT_CAP = "reinstatement_cap"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` is `quantity` times the sum of the parts, rounded, net of tax, in `currency`.

    The period runs from the day after `after_on` through `ends_on`. A fee and its cap are for one lot: their quantity
    is 1. `back` is what part of a reinstatement lies behind its pricing day: shown, not charged again.
    """

    coverage: UUID
    kind: Kind
    currency: str
    quantity: int
    after_on: date
    ends_on: date
    amount: Decimal
    parts: tuple[Part, ...] = ()
    back: Decimal | None = None

    @property
    def days(self) -> int:
        """The days of its period; negative where a cost-free date takes some away."""
        return (self.ends_on - self.after_on).days

    @property
    def years(self) -> Fraction:
        """The same in years, exact."""
        if self.days < 0:
            return -years.years(self.ends_on, self.after_on)
        return years.years(self.after_on, self.ends_on)

    @property
    def unit_price(self) -> Decimal | None:
        """The published price that the arithmetic starts from; None where nothing is charged."""
        return self.parts[0].price if self.parts else None


def cover(position: Position, kind: Kind, *, parts: tuple[Part, ...], after_on: date, ends_on: date) -> Line:
    """A line of cover: every seat, at the tier's discount."""
    quantity = position.entitlement.quantity
    discounted = tuple(position.discounted(part) for part in parts)
    return Line(
        coverage=position.coverage,
        kind=kind,
        currency=position.currency,
        quantity=quantity,
        after_on=after_on,
        ends_on=ends_on,
        amount=position.money(*discounted, quantity=quantity),
        parts=discounted,
    )


def lot(position: Position, kind: Kind, *, parts: tuple[Part, ...], after_on: date, ends_on: date) -> Line:
    """A line that rests on amounts of other lines, and is not discounted again."""
    return Line(
        coverage=position.coverage,
        kind=kind,
        currency=position.currency,
        quantity=1,
        after_on=after_on,
        ends_on=ends_on,
        amount=position.money(*parts, quantity=1),
        parts=parts,
    )


def undiscounted(position: Position, line: Line) -> Decimal:
    """What the line would cost without the tier's discount."""
    return position.money(*(part.without(FactorKind.DISCOUNT) for part in line.parts), quantity=line.quantity)
