"""The date that a budget reaches."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.budget import reach, total
from renewals.rules.coterm import latest
from renewals.rules.refusals import BudgetTooSmall, MixedCurrencies, NothingToQuote, TooLate
from renewals.rules.years import plus_months
from tests.renewals.rules.cases import TODAY, B, held, hundredths, portfolios, synchronised

RECOVERABLE = held(50, 44, date(2025, 3, 31))


def test_the_latest_date_whose_real_price_fits():
    found = reach(Decimal("4500.00"), [RECOVERABLE])
    assert (found.ends_on, str(found.amount), str(found.left)) == (date(2028, 6, 8), "4496.17", "3.83")
    assert found.next_amount == Decimal("4502.19")


def test_several_coverages_share_one_budget():
    found = reach(Decimal("3540.16"), synchronised())
    assert (found.ends_on, found.left) == (date(2027, 12, 31), Decimal("0.00"))


def test_below_the_minimum_it_says_what_the_minimum_is():
    with pytest.raises(BudgetTooSmall) as refused:
        reach(Decimal("3299.99"), [RECOVERABLE])
    assert (refused.value.minimum, refused.value.ends_on) == (Decimal("3300.00"), date(2027, 11, 22))
    assert reach(Decimal("3300.00"), [RECOVERABLE]).ends_on == date(2027, 11, 22)


def test_a_minimum_term_raises_the_least_that_is_needed():
    with pytest.raises(BudgetTooSmall) as refused:
        reach(Decimal("100"), [held(50, 44, TODAY)], minimum_months=6)
    assert refused.value.ends_on == plus_months(TODAY, 6)


@pytest.mark.parametrize("last_cover_on", [None, date(2030, 1, 31), date(2036, 1, 31)])
def test_the_search_ends_with_the_last_cover_or_after_sixty_months(last_cover_on):
    found = reach(Decimal(10**6), [held(1, 10, TODAY, last_cover_on=last_cover_on)])
    assert found.ends_on == last_cover_on or (last_cover_on is None and found.ends_on == date(2031, 11, 22))
    assert found.next_amount is None


def test_cover_beyond_the_horizon_is_not_cut_back_to_it():
    found = reach(Decimal(0), [held(1, 10, date(2035, 1, 31))])
    assert (found.ends_on, found.next_amount) == (date(2035, 1, 31), None)


def test_a_minimum_beyond_the_last_cover_is_refused():
    with pytest.raises(TooLate):
        reach(Decimal(10**6), [held(1, 10, date(2025, 3, 31), last_cover_on=date(2027, 11, 21))])


def test_one_budget_has_one_currency():
    yen = held(1, 9000, date(2027, 9, 15), coverage=B, currency="JPY")
    with pytest.raises(MixedCurrencies) as refused:
        reach(Decimal(5000), [RECOVERABLE, yen])
    assert refused.value.currencies == ("EUR", "JPY")


def test_a_budget_needs_coverages():
    with pytest.raises(NothingToQuote):
        reach(Decimal(5000), [])


@given(portfolios, st.integers(0, 10**9).map(hundredths))
def test_the_date_is_the_last_that_fits(positions, budget):
    try:
        found = reach(budget, positions)
    except BudgetTooSmall as refused:
        assert refused.minimum == total(positions, latest(positions).ends_on) > budget
        return
    assert found.amount == total(positions, found.ends_on) == budget - found.left <= budget
    following = total(positions, found.ends_on + timedelta(1))
    assert found.next_amount in (None, following) and (found.next_amount is None or following > budget)


@given(portfolios, st.integers(0, 1000))
def test_the_price_of_a_date_leads_back_to_it_or_to_a_later_one_of_that_price(positions, later):
    ends_on = latest(positions).ends_on + timedelta(later)
    horizon = plus_months(positions[0].priced_on, 60)
    if ends_on <= horizon:
        found = reach(total(positions, ends_on), positions)
        assert found.ends_on >= ends_on and found.left == 0
