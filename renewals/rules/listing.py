"""What a cell of a price list says: amounts as people write them, whole numbers, and what is wrong with others."""

import re
from decimal import Decimal
from enum import StrEnum

COLUMNS = ("programme", "product", "currency", "months", "qty_min", "qty_max", "price")
"""What a file of prices has, in our own order."""

PLAIN = re.compile(r"[0-9]+([.,][0-9]+)?")
GROUPED = re.compile(r"[0-9]{1,3}(?:([.,'\s])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])([0-9]+))?")
LARGEST = Decimal(10) ** 10
DECIMALS = 6


class Flaw(StrEnum):
    """Why a line of a price list is refused."""

    MISSING = "missing"
    PRODUCT = "product"
    PROGRAMME = "programme"
    CURRENCY = "currency"
    NUMBER = "number"
    AMOUNT = "amount"
    AMBIGUOUS = "ambiguous"
    LARGE = "large"
    FINE = "fine"
    TERM = "term"
    BAND = "band"
    OVERLAP = "overlap"


class Flawed(Exception):
    """One cell cannot be read."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def amount(cell: str) -> Decimal:
    """A price that is not negative, with a decimal point or comma; raises Flawed.

    A single comma before three digits could be either: it is refused, not guessed. A single point is a decimal point,
    as in every file that we write.
    """
    text = cell.strip()
    if not text:
        raise Flawed(Flaw.MISSING)
    exact = _checked(Decimal(_canonical(text)))
    return exact


def _canonical(text: str) -> str:
    if PLAIN.fullmatch(text):
        if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", text):
            raise Flawed(Flaw.AMBIGUOUS)
        return text.replace(",", ".")
    grouped = GROUPED.fullmatch(text)
    if not grouped or grouped[1] == grouped[2]:
        raise Flawed(Flaw.AMOUNT)
    whole = text[: -len(grouped[3]) - 1] if grouped[3] else text
    return re.sub(r"[^0-9]", "", whole) + (f".{grouped[3]}" if grouped[3] else "")


def _checked(value: Decimal) -> Decimal:
    if value >= LARGEST:
        raise Flawed(Flaw.LARGE)
    exact = value.normalize()
    if -int(exact.as_tuple().exponent) > DECIMALS:
        raise Flawed(Flaw.FINE)
    return value


def whole(cell: str, *, most: int) -> int | None:
    """A whole number from 1 to `most`; None for a blank cell; raises Flawed."""
    text = cell.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) == 0:
        raise Flawed(Flaw.NUMBER)
    if int(text) > most:
        raise Flawed(Flaw.LARGE)
    return int(text)
