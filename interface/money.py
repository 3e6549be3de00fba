"""Amounts and numbers in the reader's language."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
    get_territory_currencies,
    parse_decimal,
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


def price(amount: Decimal, currency: str) -> str:
    """Like money_exact, with more decimals where a price has them."""
    text = format_currency(amount.normalize(), currency, locale=locale(), decimal_quantization=False)
    return text.replace("-", MINUS)


def number(value: Number) -> str:
    return _number(value, locale())


@lru_cache(maxsize=2048, typed=True)
def _number(value: Number, locale: str) -> str:
    """Lists and mails say the same few numbers again and again."""
    return format_decimal(value, locale=locale).replace("-", MINUS)


def number_exact(value: Decimal) -> str:
    """Every decimal that there is."""
    return format_decimal(value.normalize(), locale=locale(), decimal_quantization=False).replace("-", MINUS)


def typed_amount(text: str) -> Decimal | None:
    """An amount as the reader writes it, or plainly with a point; None for anything else."""
    for read in (_as_written_here, Decimal):
        try:
            amount = read(text)
        except (NumberFormatError, InvalidOperation):
            continue
        return amount if amount.is_finite() else None
    return None


def _as_written_here(text: str) -> Decimal:
    return parse_decimal(text, locale=locale(), strict=True)


def percent(share: Number) -> str:
    """A share of one: 0.15 is 15%."""
    return format_percent(share, locale=locale(), decimal_quantization=False)


def symbol(currency: str) -> str:
    """€: how the reader abbreviates a currency."""
    return get_currency_symbol(currency, locale=locale())


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
