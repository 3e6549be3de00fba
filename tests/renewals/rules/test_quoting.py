"""A quote's lines and totals, and what holds for all of them."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.coterm import latest
from renewals.rules.lines import undiscounted
from renewals.rules.pricing import Tariff, Term
from renewals.rules.quoting import calculate, charged, cost
from renewals.rules.refusals import NothingToQuote, TooEarly, TooLate
from renewals.rules.years import plus_months
from tests.renewals.rules.cases import (
    CENT,
    TODAY,
    A,
    B,
    amounts,
    days,
    held,
    portfolios,
    positions,
    quantities,
    synchronised,
)

yearly = amounts.map(lambda amount: Tariff((Term(12, amount),)))


def test_one_coverage_to_one_date():
    calculation = calculate([held(50, "44.00", date(2026, 12, 31))], date(2027, 6, 30))
    assert calculation.totals == {"EUR": Decimal("1090.96")}


def test_several_coverages_to_one_date():
    calculation = calculate(synchronised(), date(2027, 12, 31))
    assert [str(line.amount) for line in calculation.lines] == ["2200.00", "901.64", "438.52"]
    assert [line.years for line in calculation.lines] == [1, Fraction(275, 366), Fraction(107, 366)]
    assert calculation.totals == {"EUR": Decimal("3540.16")}
    assert calculation.ends_on == date(2027, 12, 31)


def test_each_line_may_have_its_own_date():
    first, second, _ = synchronised()
    dates = {first.coverage: date(2027, 6, 30), second.coverage: date(2027, 12, 31)}
    calculation = calculate([first, second], dates)
    assert calculation.totals == {"EUR": Decimal("1992.60")}
    assert calculation.ends_on is None


def test_totals_never_mix_currencies():
    yen = held(1, 9000, date(2026, 12, 31), coverage=B, currency="JPY")
    calculation = calculate([yen, held(50, 44, date(2026, 12, 31))], date(2027, 12, 31))
    assert list(calculation.totals.items()) == [("EUR", Decimal("2200.00")), ("JPY", Decimal(9000))]


def test_a_currency_has_its_own_prices_and_minor_unit():
    (line,) = charged(held(3, "6001", date(2026, 12, 31), currency="JPY"), date(2027, 6, 30))
    assert str(line.amount) == "8928"


def test_exact_rationals_keep_the_cent_that_decimals_lose():
    (line,) = charged(held(1, "1850.01", date(2027, 2, 5)), date(2028, 12, 6))
    assert line.amount == Decimal("3391.69")


@pytest.mark.parametrize(
    ("expires_on", "valid_until"),
    [
        (date(2027, 6, 30), date(2026, 12, 22)),
        (date(2026, 12, 4), date(2026, 12, 4)),
        (TODAY, TODAY),
        (date(2026, 11, 21), date(2026, 12, 22)),
        (date(2025, 12, 10), date(2026, 12, 10)),
        (date(2025, 3, 31), date(2026, 12, 22)),
    ],
)
def test_a_quote_holds_for_thirty_days_or_until_a_class_changes(expires_on, valid_until):
    long = held(1, 1, date(2027, 6, 30), coverage=B)
    assert calculate([held(50, 44, expires_on), long], date(2028, 6, 30)).valid_until == valid_until


def test_a_date_below_the_minimum_is_refused():
    with pytest.raises(TooEarly) as refused:
        calculate([held(50, 44, date(2026, 8, 24))], date(2027, 11, 21))
    assert refused.value.limits == {A: date(2027, 11, 22)}


def test_a_date_beyond_the_last_cover_is_refused():
    with pytest.raises(TooLate):
        calculate([held(50, 44, TODAY, last_cover_on=date(2027, 6, 30))], date(2027, 7, 1))


def test_nothing_cannot_be_quoted():
    with pytest.raises(NothingToQuote):
        calculate([], date(2027, 7, 1))


def test_the_discount_can_be_shown_apart():
    position = held(50, 44, TODAY, discount="0.04")
    (line,) = charged(position, date(2027, 11, 22))
    assert (line.amount, undiscounted(position, line)) == (Decimal("2112.00"), Decimal("2200.00"))


@given(positions(), st.integers(0, 2000), st.integers(0, 400))
def test_less_cover_never_costs_more(position, later, longer):
    ends_on = position.first_end() + timedelta(later)
    assert cost(position, ends_on) <= cost(position, ends_on + timedelta(longer))


@given(portfolios, st.integers(0, 2000))
def test_the_lines_add_up_to_the_total_and_each_to_its_arithmetic(positions, later):
    calculation = calculate(positions, latest(positions).ends_on + timedelta(later))
    assert calculation.totals == {"EUR": sum(line.amount for line in calculation.lines)}
    for line in calculation.lines:
        exact = line.quantity * sum(part.value for part in line.parts)
        assert abs(Fraction(line.amount) - exact) <= Fraction(CENT) / 2


@given(portfolios, st.integers(0, 2000))
def test_the_order_of_the_coverages_changes_no_line(positions, later):
    ends_on = latest(positions).ends_on + timedelta(later)
    forwards, backwards = calculate(positions, ends_on), calculate(positions[::-1], ends_on)
    assert Counter(map(repr, forwards.lines)) == Counter(map(repr, backwards.lines))
    assert (forwards.totals, forwards.valid_until) == (backwards.totals, backwards.valid_until)


@given(days, st.tuples(st.integers(0, 2000), st.integers(0, 2000)), quantities, amounts)
def test_cutting_a_period_once_gains_less_than_a_day(start, lengths, quantity, amount):
    cut = start + timedelta(lengths[0])
    end = cut + timedelta(lengths[1])
    whole, first, second = (
        cost(held(quantity, amount, after, priced_on=start), through)
        for after, through in ((start, end), (start, cut), (cut, end))
    )
    a_day = Fraction(quantity) * Fraction(amount) / 365
    rounding = 3 * Fraction(CENT) / 2
    assert Fraction(whole - first - second) <= a_day + rounding


@given(positions(tariff=yearly, lapse=st.integers(-900, 0)), st.integers(0, 10))
def test_whole_years_cost_whole_prices(position, whole):
    ends_on = plus_months(position.expires_on, 12 * whole)
    (term,) = position.tariff.terms
    exact = whole * position.entitlement.quantity * Fraction(term.amount) * Fraction(1 - position.discount)
    assert abs(Fraction(cost(position, ends_on)) - exact) <= Fraction(CENT) / 2
