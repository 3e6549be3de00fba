"""Civil dates: months added, and the exact fraction of years between two of them (1-product, "Term fraction")."""

from calendar import monthrange
from datetime import date
from fractions import Fraction
from functools import lru_cache


def plus_months(day: date, months: int) -> date:
    """The same day of the month `months` later; the month's last where it has no such day (29 Feb → 28)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)  # A quote of many lines asks for few dates.
def split(start: date, end: date) -> tuple[int, int, int]:
    """Whole years from the day after `start` through `end`, the days beyond them, and the days of that broken year.

    Raises ValueError when `end` lies before `start`.
    """
    if end < start:
        raise ValueError(f"{end} lies before {start}.")
    whole = end.year - start.year
    if plus_months(start, 12 * whole) > end:
        whole -= 1
    begun, full = plus_months(start, 12 * whole), plus_months(start, 12 * whole + 12)
    return whole, (end - begun).days, (full - begun).days


def years(start: date, end: date) -> Fraction:
    """Years of cover from the day after `start` through `end`, exact; whole on anniversaries of `start`.

    Raises ValueError when `end` lies before `start`.
    """
    whole, days, length = split(start, end)
    return whole + Fraction(days, length)
