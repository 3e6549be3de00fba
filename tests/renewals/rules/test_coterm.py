"""Several coverages to one date: every mode, what raises it, what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.coterm import LeftOut, chosen, cost_free, each_plus, earliest, latest
from renewals.rules.positions import leaving_out
from renewals.rules.quoting import calculate, exchange
from renewals.rules.refusals import NothingToQuote, TooEarly, TooLate
from renewals.rules.years import plus_months
from tests.renewals.rules.cases import TODAY, A, B, C, held, portfolios, synchronised

LAPSED = held(1, 100, date(2026, 8, 24), coverage=C)


def test_the_earliest_expiry_plus_a_term():
    target = earliest(synchronised(), months=12)
    assert (target.ends_on, target.computed_on, target.raised_by) == (date(2027, 12, 31), date(2027, 12, 31), ())


def test_a_computed_date_is_raised_to_the_latest_expiry_and_says_by_whom():
    target = earliest(synchronised(), months=3)
    assert (target.ends_on, target.computed_on) == (date(2027, 9, 15), date(2027, 3, 31))
    assert target.raised_by == (C,)


def test_a_computed_date_is_raised_to_the_minimum_of_lapsed_cover():
    target = earliest((held(50, 44, date(2026, 12, 31)), LAPSED), months=6)
    assert (target.ends_on, target.raised_by) == (date(2027, 11, 22), (C,))


def test_a_computed_date_is_raised_to_the_minimum_term_asked_for():
    target = earliest(synchronised(), months=12, minimum_months=6)
    assert (target.ends_on, target.raised_by) == (date(2028, 3, 15), (C,))


def test_lapsed_cover_does_not_count_as_the_earliest():
    assert earliest((held(50, 44, date(2026, 12, 31)), LAPSED), months=12).ends_on == date(2027, 12, 31)


def test_without_current_cover_the_term_runs_from_today():
    assert earliest((LAPSED,), months=24).ends_on == date(2028, 11, 22)
    assert latest((LAPSED,)).ends_on == date(2027, 11, 22)


def test_the_latest_expiry():
    assert latest(synchronised()).ends_on == date(2027, 9, 15)
    assert latest(synchronised(), months=12).ends_on == date(2028, 9, 15)


def test_a_chosen_date_below_an_expiry_names_the_lines_to_leave_out():
    with pytest.raises(TooEarly) as refused:
        chosen(synchronised(), date(2027, 6, 30))
    assert refused.value.limits == {C: date(2027, 9, 15)}
    rest = leaving_out(synchronised(), refused.value.limits)
    assert chosen(rest, date(2027, 6, 30)).ends_on == date(2027, 6, 30)


def test_a_chosen_date_below_a_minimum_term_is_refused():
    with pytest.raises(TooEarly) as refused:
        chosen(synchronised(), date(2028, 1, 31), minimum_months=12)
    assert refused.value.limits == {B: date(2028, 3, 31), C: date(2028, 9, 15)}


def test_no_date_lies_beyond_the_last_cover_of_a_product():
    ending = held(50, 44, date(2026, 12, 31), last_cover_on=date(2027, 6, 30))
    for ask in (lambda: chosen((ending,), date(2027, 7, 1)), lambda: each_plus((ending,), months=12)):
        with pytest.raises(TooLate) as refused:
            ask()
        assert refused.value.limits == {A: date(2027, 6, 30)}
    assert chosen((ending,), date(2027, 6, 30)).ends_on == date(2027, 6, 30)


def test_each_line_may_have_the_term_added_to_its_own_expiry():
    targets = each_plus((*synchronised()[:2], LAPSED), months=6)
    assert [target.ends_on for target in targets.values()] == [
        date(2027, 6, 30),
        date(2027, 9, 30),
        date(2027, 11, 22),
    ]
    assert targets[C].raised_by == (C,)


def test_the_cost_free_date_shares_out_the_days_that_are_left():
    plan = cost_free(synchronised(), currency="EUR")
    assert plan.ends_on == date(2027, 4, 11)
    assert plan.days == {A: 101, B: 11, C: -157}
    assert plan.unused == Fraction(686100, 4900) - 140
    assert plan.shortened == (C,)


def test_the_lines_of_a_cost_free_date_are_nil_and_show_their_days():
    calculation = exchange(synchronised(), cost_free(synchronised(), currency="EUR"))
    nil = Decimal("0.00")
    assert [(line.amount, line.days) for line in calculation.lines] == [(nil, 101), (nil, 11), (nil, -157)]
    assert calculation.totals == {"EUR": Decimal("0.00")}
    assert calculation.lines[2].years == -Fraction(157, 366)
    assert calculation.lines[0].unit_price is None


def test_lapsed_cover_and_other_currencies_have_no_part_in_a_cost_free_date():
    yen = held(1, 9000, date(2027, 9, 15), coverage=B, currency="JPY")
    positions = (held(50, 44, date(2026, 12, 31)), yen, LAPSED)
    plan = cost_free(positions, currency="EUR")
    assert plan.left_out == {B: LeftOut.CURRENCY, C: LeftOut.LAPSED}
    assert [line.coverage for line in exchange(positions, plan).lines] == [A]


def test_a_cost_free_date_needs_something_of_value():
    for positions in ((), (LAPSED,), (held(50, 0, date(2026, 12, 31)),)):
        with pytest.raises(NothingToQuote):
            cost_free(positions, currency="EUR")


def test_a_cost_free_date_may_not_pass_the_last_cover_of_a_product():
    ending = held(50, 44, date(2026, 12, 31), last_cover_on=date(2027, 4, 10))
    with pytest.raises(TooLate) as refused:
        cost_free((ending, *synchronised()[1:]), currency="EUR")
    assert refused.value.limits == {A: date(2027, 4, 10)}


@given(portfolios)
def test_a_cost_free_date_neither_gives_nor_takes_more_than_a_part_of_a_day(positions):
    try:
        plan = cost_free(positions, currency="EUR")
    except NothingToQuote:
        return
    weights = {each.coverage: each.entitlement.quantity * each.tariff.price(Fraction(1)) for each in positions}
    moved = sum(weights[coverage] * days for coverage, days in plan.days.items())
    assert moved + plan.unused * sum(weights[coverage] for coverage in plan.days) == 0
    assert 0 <= plan.unused < 1


@given(portfolios, st.integers(0, 60), st.integers(0, 36))
def test_a_computed_date_can_be_quoted_and_chosen(positions, months, minimum_months):
    for mode in (earliest, latest):
        target = mode(positions, months=months, minimum_months=minimum_months)
        assert calculate(positions, target.ends_on).ends_on == target.ends_on
        assert chosen(positions, target.ends_on, minimum_months=minimum_months).ends_on == target.ends_on
        assert bool(target.raised_by) == (target.ends_on > target.computed_on)


@given(portfolios, st.integers(0, 60))
def test_the_order_of_the_coverages_does_not_matter(positions, months):
    backwards = positions[::-1]
    assert earliest(positions, months=months).ends_on == earliest(backwards, months=months).ends_on
    assert latest(positions).ends_on == latest(backwards).ends_on


@pytest.mark.parametrize("mode", [lambda: earliest((), months=12), lambda: latest(())])
def test_nothing_cannot_be_synchronised(mode):
    with pytest.raises(NothingToQuote):
        mode()


def test_the_minimum_counts_from_the_pricing_day():
    assert LAPSED.first_end() == plus_months(TODAY, 12)
    assert LAPSED.first_end(minimum_months=18) == plus_months(TODAY, 18)
    assert held(1, 1, TODAY + timedelta(3)).first_end() == TODAY + timedelta(3)
