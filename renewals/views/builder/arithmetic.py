"""How a line comes to its amount, in the reader's language: period, price, factors, rounding."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.utils.translation import gettext

from interface import dates
from interface.money import MINUS, money_exact, number, number_exact, percent, price
from renewals.rules.lines import Kind, Line
from renewals.rules.positions import Basis, Position
from renewals.rules.pricing import Factor, FactorKind, Part
from renewals.rules.years import split
from renewals.views.builder import words

TIMES = "\u00a0× "
SHOWN_DIGITS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Working:
    """One line's arithmetic: facts in words, and the sum that leads from them to the amount."""

    title: str
    facts: tuple[tuple[str, str], ...]
    formula: str
    result: str


def working(line: Line, position: Position, basis: Basis) -> Working:
    """The arithmetic of one line, as the design writes its examples."""
    facts = (*_period(line), *_prices(line, position, basis), *_reasons(line, position))
    return Working(TITLES[line.kind](), facts, _formula(line), _result(line, position))


TITLES = {
    Kind.RENEWAL: lambda: gettext("Renewal"),
    Kind.REINSTATEMENT: lambda: gettext("Reinstatement"),
    Kind.REINSTATEMENT_FEE: lambda: gettext("Reinstatement fee"),
    Kind.REINSTATEMENT_CAP: lambda: gettext("Reduction to the price of recovery"),
    Kind.RECOVERY: lambda: gettext("Recovery"),
}


def spelled(line: Line) -> str:
    """The line's years as they are counted: “181/365”, “1 + 90/365”, “2”."""
    early, late = sorted((line.after_on, line.ends_on))
    whole, days, length = split(early, late)
    broken = f"{days}/{length}" if days else ""
    text = " + ".join(part for part in (str(whole) if whole or not broken else "", broken) if part)
    return f"{MINUS}{text}" if line.days < 0 else text


def _period(line: Line) -> Iterator[tuple[str, str]]:
    if line.kind is Kind.REINSTATEMENT_CAP:
        return
    first, last = sorted((line.after_on, line.ends_on))
    span = words.period([first + timedelta(1), last]) if last > first else dates.day(last)
    yield gettext("Period"), f"{span}: {words.days(line.days)}"
    if line.days:
        yield gettext("In years"), spelled(line)


def _prices(line: Line, position: Position, basis: Basis) -> Iterator[tuple[str, str]]:
    """The published row that each price comes from, once."""
    owned = position.entitlement
    for months in dict.fromkeys(part.months for part in line.parts if part.months):
        row = basis.prices.row(owned.article, quantity=owned.quantity, months=months, on=basis.priced_on)
        if row:
            upto = number(row.qty_max) if row.qty_max else ""
            band = (
                f"{number(row.qty_min)}–{upto}"
                if upto
                else gettext("%(least)s and more") % {"least": number(row.qty_min)}
            )
            yield (
                gettext("Price"),
                gettext("%(price)s each for %(term)s, at quantities %(band)s, in force since %(date)s")
                % {
                    "price": price(row.amount, line.currency),
                    "term": words.term(months),
                    "band": band,
                    "date": dates.day(row.valid_from),
                },
            )


def _reasons(line: Line, position: Position) -> Iterator[tuple[str, str]]:
    """Why there is a factor that is neither quantity nor time."""
    kinds = {factor.kind: factor.value for part in line.parts for factor in part.factors}
    if any(part.months and not part.factors for part in line.parts):
        yield gettext("Term"), gettext("The price of the longer term costs less than the days of the shorter one.")
    if FactorKind.SURCHARGE in kinds:
        share = percent(_decimal(kinds[FactorKind.SURCHARGE]))
        yield gettext("Surcharge"), gettext("%(share)s of the first year, for beginning anew") % {"share": share}
    if FactorKind.DISCOUNT in kinds:
        yield gettext("Discount"), percent(position.discount)
    if line.kind is Kind.REINSTATEMENT_FEE:
        share = percent(_decimal(kinds[FactorKind.FEE]))
        yield gettext("Fee"), gettext("%(share)s of what the days without cover cost") % {"share": share}
    if line.kind is Kind.REINSTATEMENT_CAP:
        yield gettext("Why"), gettext("Closing the gap never costs more than recovery to the same date.")


def _formula(line: Line) -> str:
    if not line.parts:
        return gettext("Days that are already paid for, shared out: nothing is charged.")
    parts = " + ".join(_part(part, line) for part in line.parts).replace(f"+ {MINUS}", f"{MINUS} ")
    if (line.quantity == 1 and len(line.parts) == 1) or line.kind is Kind.REINSTATEMENT_CAP:
        return parts
    return f"{number(line.quantity)}{TIMES}" + (f"({parts})" if len(line.parts) > 1 else parts)


def _part(part: Part, line: Line) -> str:
    less = any(factor.kind is FactorKind.LESS for factor in part.factors)
    factors = [_factor(factor, part, line) for factor in part.factors if factor.kind is not FactorKind.LESS]
    return (MINUS if less else "") + TIMES.join([price(part.price, line.currency), *(text for text in factors if text)])


def _factor(factor: Factor, part: Part, line: Line) -> str:
    if factor.kind is FactorKind.TERM and part.months:
        return _term(factor.value, part.months, line)
    return percent(_decimal(factor.value)) if factor.kind is FactorKind.FEE else number_exact(_decimal(factor.value))


def _term(value: Fraction, months: int, line: Line) -> str:
    """Years as they are counted, by the term that the price is for."""
    per = "" if months == words.MONTHS_A_YEAR else f"{TIMES}12/{months}"
    if value * months / words.MONTHS_A_YEAR != line.years:
        return f"{value}{per}"
    text = spelled(line)
    return f"({text}){per}" if "+" in text else f"{text}{per}"


def _result(line: Line, position: Position) -> str:
    """“= €1,090.958904… → €1,090.96”; exact amounts need no arrow."""
    amount = money_exact(line.amount, line.currency)
    exact = line.quantity * sum((part.value for part in line.parts), start=Fraction(0))
    if exact == Fraction(line.amount):
        return amount
    cut = (Decimal(exact.numerator) / exact.denominator).quantize(SHOWN_DIGITS, ROUND_DOWN)
    dots = "" if Fraction(cut) == exact else "…"
    return f"{number_exact(cut)}{dots} → {amount}" + _rounding(position)


def _rounding(position: Position) -> str:
    said = gettext("rounded once, to %(unit)s") % {"unit": number_exact(position.unit)}
    return f" ({said})"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator
