"""Amounts and numbers in the reader's language."""

from decimal import Decimal

from babel import Locale
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_territory_currencies,
)

from interface.dates import locale

Number = Decimal | int | float
MINUS = "\u2212"


def money(amount: Decimal | int, currency: str) -> str:
    """€51,250 or 51.250 €: cents only when there are any."""
    if amount != int(amount):
        return money_exact(amount, currency)
    pattern = Locale.parse(locale()).currency_formats["standard"].pattern.replace(".00", "")
    text = format_currency(amount, currency, pattern, locale=locale(), currency_digits=False)
    return text.replace("-", MINUS)


def money_exact(amount: Decimal | int, currency: str) -> str:
    """€51,250.00: always with the currency's own decimals, for columns that add up."""
    return format_currency(amount, currency, locale=locale()).replace("-", MINUS)


def number(value: Number) -> str:
    return format_decimal(value, locale=locale()).replace("-", MINUS)


def percent(share: Number) -> str:
    """A share of one: 0.15 is 15%."""
    return format_percent(share, locale=locale(), decimal_quantization=False)


def minor_unit(currency: str) -> Decimal:
    """The smallest amount that can be paid: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def currency_of(country: str) -> str:
    """What is paid with in a country (ISO 3166), EUR where nothing is known of it."""
    return next(iter(get_territory_currencies(country)), "EUR") if country else "EUR"


def is_currency(code: str) -> bool:
    """Whether it is a currency (ISO 4217) that we can name."""
    return len(code) == 3 and code.isascii() and code in Locale.parse("en").currencies


def unit_price(amount: Decimal, currency: str) -> str:
    """€0.0045: with the currency's own decimals, and with more where the price of a seat has them."""
    digits = _digits(amount, currency)
    decimals = f".{'0' * digits}" if digits else ""
    pattern = Locale.parse(locale()).currency_formats["standard"].pattern.replace(".00", decimals)
    return format_currency(amount, currency, pattern, locale=locale(), currency_digits=False).replace("-", MINUS)


def plain_price(amount: Decimal, currency: str) -> Decimal:
    """The price for a file: the currency's own decimals, more only where there are more."""
    return amount.quantize(Decimal(1).scaleb(-_digits(amount, currency)))


def _digits(amount: Decimal, currency: str) -> int:
    return max(get_currency_precision(currency), -int(amount.normalize().as_tuple().exponent))
