"""Months added, and the fraction of years between two dates."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.years import plus_months, years
from tests.renewals.rules.cases import days


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_a_month_without_that_day_ends_on_its_last(day, months, later):
    assert plus_months(day, months) == later


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [
        (date(2026, 12, 31), date(2027, 6, 30), Fraction(181, 365)),
        (date(2027, 3, 31), date(2027, 12, 31), Fraction(275, 366)),
        (date(2026, 11, 22), date(2028, 6, 8), 1 + Fraction(199, 366)),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
        (date(2024, 2, 29), date(2028, 2, 28), 3 + Fraction(365, 366)),
        (date(2027, 2, 28), date(2028, 2, 29), 1 + Fraction(1, 366)),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
    ],
)
def test_the_fraction_is_exact(start, end, length):
    assert years(start, end) == length


def test_an_end_before_the_start_is_an_error():
    with pytest.raises(ValueError, match="before"):
        years(date(2027, 1, 2), date(2027, 1, 1))


@given(days, st.integers(0, 30))
def test_anniversaries_are_whole_years(start, whole):
    assert years(start, plus_months(start, 12 * whole)) == whole


@given(days, st.integers(0, 3000))
def test_every_day_adds_a_365th_or_a_366th(start, length):
    end = start + timedelta(length)
    assert years(start, end + timedelta(1)) - years(start, end) in (Fraction(1, 365), Fraction(1, 366))
