"""How far a budget reaches (1-product, "Budget → date")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from renewals.rules.coterm import latest
from renewals.rules.positions import Position
from renewals.rules.quoting import cost
from renewals.rules.refusals import BudgetTooSmall, MixedCurrencies
from renewals.rules.years import plus_months


@dataclass(frozen=True, slots=True)
class Reach:
    """The latest date within a budget, its real rounded price and what is left.

    `next_amount` is the price of the day after; None where the search ends, not the money.
    """

    ends_on: date
    amount: Decimal
    left: Decimal
    next_amount: Decimal | None


def reach(budget: Decimal, positions: Sequence[Position], *, minimum_months: int = 0) -> Reach:
    """The latest one date for all that costs at most `budget`, in their one currency.

    Raises BudgetTooSmall below the first possible date, MixedCurrencies, TooLate, NothingToQuote.
    """
    first_on = latest(positions, minimum_months=minimum_months).ends_on
    if len(currencies := {each.currency for each in positions}) > 1:
        raise MixedCurrencies(tuple(sorted(currencies)))
    if (minimum := total(positions, first_on)) > budget:
        raise BudgetTooSmall(minimum, first_on)
    last_on = max(first_on, min(map(_search_end, positions)))
    ends_on = _last_within(budget, positions, first_on=first_on, last_on=last_on)
    amount = total(positions, ends_on)
    following = None if ends_on == last_on else total(positions, ends_on + timedelta(1))
    return Reach(ends_on, amount, budget - amount, following)


def total(positions: Sequence[Position], ends_on: date) -> Decimal:
    """What all of them cost to that date: the sum of the rounded lines."""
    return sum((cost(each, ends_on) for each in positions), start=Decimal(0))


def _search_end(position: Position) -> date:
    horizon = plus_months(position.priced_on, position.policy.horizon_months)
    return position.entitlement.last_cover_on or horizon


def _last_within(budget: Decimal, positions: Sequence[Position], *, first_on: date, last_on: date) -> date:
    """By halving: the total never falls as the date moves on."""
    fits, days = 0, (last_on - first_on).days
    while fits < days:
        middle = (fits + days + 1) // 2
        if total(positions, first_on + timedelta(middle)) <= budget:
            fits = middle
        else:
            days = middle - 1
    return first_on + timedelta(fits)
