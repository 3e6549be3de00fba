"""Every way of setting the date, from what is asked for to its lines, and all of them side by side."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from renewals.rules.modes import Ask, Mode, Plan, compare, currency_of, propose
from renewals.rules.refusals import BudgetTooSmall, NothingToQuote, Refusal, TooEarly
from tests.renewals.rules.cases import A, B, C, held, portfolios, synchronised

RECOVERABLE = held(50, 44, date(2025, 3, 31))


def asked(mode, positions=None, **fields):
    return propose(positions or synchronised(), Ask(mode=Mode(mode), **fields))


@pytest.mark.parametrize(
    ("mode", "fields", "ends_on", "total"),
    [
        ("earliest", {}, date(2027, 12, 31), "3540.16"),
        ("earliest", {"months": 24}, date(2028, 12, 31), "8443.84"),
        ("latest", {}, date(2027, 9, 15), "2105.89"),
        ("date", {"ends_on": date(2027, 12, 31)}, date(2027, 12, 31), "3540.16"),
        ("cost_free", {}, date(2027, 4, 11), "0.00"),
        ("budget", {"budget": Decimal("3540.16")}, date(2027, 12, 31), "3540.16"),
        ("each", {}, None, "4900.00"),
        ("lines", {"dates": {A: date(2027, 6, 30)}}, None, "3790.96"),
    ],
)
def test_each_mode_comes_to_its_date_and_total(mode, fields, ends_on, total):
    plan = asked(mode, **fields)
    assert (plan.mode, plan.calculation.ends_on) == (mode, ends_on)
    assert str(plan.calculation.totals["EUR"]) == total


def test_a_raised_date_says_by_which_lines():
    plan = asked("earliest", months=3)
    assert (plan.raised_by, plan.target.computed_on) == ((C,), date(2027, 3, 31))


def test_lines_of_their_own_dates_may_be_raised_too():
    lapsed = held(1, 100, date(2026, 8, 24), coverage=C)
    assert asked("each", (*synchronised()[:2], lapsed), months=6).raised_by == (C,)


def test_a_line_without_a_date_has_its_own_expiry_plus_the_term():
    plan = asked("lines", dates={A: date(2027, 6, 30), B: date(2027, 6, 30)})
    assert [line.ends_on for line in plan.calculation.lines] == [
        date(2027, 6, 30),
        date(2027, 6, 30),
        date(2028, 9, 15),
    ]
    assert list(plan.targets) == [C]


def test_all_lines_may_have_a_date_of_their_own():
    dates = dict.fromkeys((A, B, C), date(2027, 12, 31))
    assert asked("lines", dates=dates).calculation.totals == {"EUR": Decimal("3540.16")}


@pytest.mark.parametrize("mode", ["date", "budget"])
def test_a_mode_needs_what_it_is_about(mode):
    with pytest.raises(NothingToQuote):
        asked(mode)


def test_a_minimum_term_holds_in_every_mode_of_one_date():
    assert asked("latest", minimum_months=6).calculation.ends_on == date(2028, 3, 15)
    with pytest.raises(TooEarly):
        asked("date", ends_on=date(2027, 12, 31), minimum_months=12)


def test_modes_stand_side_by_side_with_their_refusals():
    ask = Ask(months=12, ends_on=date(2027, 12, 31), budget=Decimal(1))
    ways = compare(synchronised(), ask)
    assert list(ways) == [Mode.EARLIEST, Mode.LATEST, Mode.DATE, Mode.COST_FREE, Mode.EACH, Mode.BUDGET]
    assert isinstance(ways[Mode.BUDGET], BudgetTooSmall)
    assert ways[Mode.LATEST].calculation.ends_on == date(2027, 9, 15)


def test_what_was_not_said_has_no_place_among_them():
    assert list(compare(synchronised(), Ask())) == [Mode.EARLIEST, Mode.LATEST, Mode.COST_FREE, Mode.EACH]


def test_the_currency_of_most_lines_shares_its_days():
    yen = [held(1, 9000, date(2027, 9, 15), coverage=pk, currency="JPY") for pk in (B, C)]
    assert currency_of((held(50, 44, date(2026, 12, 31)), *yen)) == "JPY"
    assert currency_of((held(50, 44, date(2026, 12, 31)), yen[0])) == "EUR"
    with pytest.raises(NothingToQuote):
        currency_of((RECOVERABLE,))


@given(portfolios)
def test_side_by_side_is_the_same_as_alone(positions):
    for mode, way in compare(positions, Ask()).items():
        try:
            alone = propose(positions, Ask(mode=mode))
        except Refusal as refusal:
            assert type(way) is type(refusal)
        else:
            assert isinstance(way, Plan) and way.calculation == alone.calculation
