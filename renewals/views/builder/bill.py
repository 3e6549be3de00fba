"""The bill beside the lines: totals by currency and what they consist of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from accounts.rules import Actor, Kind
from advisors.models import TIERS
from interface import dates
from interface.money import money_exact, percent
from renewals.rules.lines import Kind as LineKind
from renewals.rules.lines import Line, undiscounted
from renewals.rules.modes import Plan
from renewals.rules.positions import Position
from renewals.rules.refusals import (
    BudgetTooSmall,
    MixedCurrencies,
    NothingToQuote,
    Refusal,
    TooEarly,
    TooLate,
    Unpriced,
)
from renewals.services.previews import Preview
from renewals.views.builder import words


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the bill; `note` stands beside the label, `css` is fee or muted."""

    label: str
    amount: str
    note: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """One currency's total and its parts; `a_year` is what a year costs from then on."""

    total: str
    items: tuple[Item, ...]
    a_year: str


@dataclass(frozen=True, slots=True)
class Bill:
    """All sums, or `reason`: why there are none."""

    heading: str
    sums: tuple[Sum, ...] = ()
    reason: str = ""
    hint: str = ""


def bill(actor: Actor, found: Preview) -> Bill:
    """What the plan costs, or why nothing can be said."""
    if found.plan is None:
        return Bill(gettext("No total yet"), reason=because(found.refusal or NothingToQuote()))
    calculation = found.plan.calculation
    sums = tuple(_sum(found, calculation.lines, currency) for currency in calculation.totals)
    return Bill(_heading(found.plan), sums, hint=_hint(actor, found, calculation.valid_until))


def because(refusal: Refusal) -> str:
    """A refusal in a sentence; which lines it is about, the notices say."""
    if isinstance(refusal, BudgetTooSmall):
        return gettext("The least that covers every line, to %(date)s, costs more than your budget.") % {
            "date": dates.day(refusal.ends_on)
        }
    if isinstance(refusal, MixedCurrencies):
        return gettext("A budget works in one currency. These lines have %(currencies)s.") % {
            "currencies": words.joined(refusal.currencies)
        }
    return {
        Unpriced: gettext("A line has no price in force. Leave it out to get a total."),
        TooEarly: gettext("This date is too early for some lines."),
        TooLate: gettext("This date is too late for some lines."),
    }.get(type(refusal), gettext("No line is left that this works on."))


def _heading(plan: Plan) -> str:
    ends_on = plan.calculation.ends_on
    if ends_on is None:
        return gettext("Total, each line to its own date")
    return gettext("Total, all lines to %(date)s") % {"date": dates.day(ends_on)}


def _sum(found: Preview, lines: Sequence[Line], currency: str) -> Sum:
    own = [line for line in lines if line.currency == currency]
    held = {each.coverage: each for each in found.held if each.currency == currency}
    items = tuple(_items(found, own, held, currency))
    total = sum((line.amount for line in own), start=Decimal(0))
    yearly = sum((_a_year(held[coverage]) for coverage in {line.coverage for line in own}), start=Decimal(0))
    return Sum(money_exact(total, currency), items, money_exact(yearly, currency))


def _items(found: Preview, lines: Sequence[Line], held: Mapping[UUID, Position], currency: str) -> Iterator[Item]:
    """Cover before the discount, what comes on top of it, and the discount; they add up to the total."""
    taken = Decimal(0)
    for kind, label in LABELS.items():
        own = [line for line in lines if line.kind is kind]
        amount = sum((line.amount for line in own), start=Decimal(0))
        gross = sum((undiscounted(held[line.coverage], line) for line in own), start=Decimal(0))
        taken += amount - gross
        if own:
            css = "fee" if kind is LineKind.REINSTATEMENT_FEE else ""
            yield Item(str(label), money_exact(gross, currency), _note(kind, own, held), css)
        if backs := [line.back for line in own if line.back is not None]:
            yield Item(gettext("of which days without cover"), money_exact(sum(backs), currency), css="muted")
    if taken:
        tier = gettext("%(tier)s partner discount") % {"tier": TIERS[found.tier]} if found.tier else gettext("Discount")
        yield Item(tier, money_exact(taken, currency), percent(found.basis.discount))


def _note(kind: LineKind, lines: Sequence[Line], held: Mapping[UUID, Position]) -> str:
    """The share of the fee, or the factor of a recovery's first year, where all lines have the same."""
    policies = [held[line.coverage].policy for line in lines]
    if kind is LineKind.REINSTATEMENT_FEE and len(fees := {each.fee for each in policies}) == 1:
        return percent(fees.pop())
    return ""


def _a_year(position: Position) -> Decimal:
    """What the next whole year costs at today's prices."""
    part = position.discounted(position.tariff.part(Fraction(1)))
    return position.money(part, quantity=position.entitlement.quantity)


def _hint(actor: Actor, found: Preview, valid_until: date) -> str:
    hold = gettext("Prices hold until %(date)s.") % {"date": dates.day(valid_until)}
    if any(each.valid_until == each.expires_on == valid_until for each in found.held):
        hold = gettext("Prices hold until %(date)s, when the first of these expires.") % {
            "date": dates.day(valid_until)
        }
    if actor.kind is Kind.CUSTOMER:
        then = gettext("Nothing is ordered before somebody accepts the quote.")
    else:
        then = gettext("%(name)s approves before anything is ordered.") % {"name": found.buyer.name}
    return f"{hold} {then}"


LABELS = {
    LineKind.RENEWAL: gettext_lazy("Renewal"),
    LineKind.REINSTATEMENT: gettext_lazy("Reinstatement"),
    LineKind.REINSTATEMENT_FEE: gettext_lazy("Reinstatement fee"),
    LineKind.REINSTATEMENT_CAP: gettext_lazy("Reduced to the price of recovery"),
    LineKind.RECOVERY: gettext_lazy("Recovery"),
}
