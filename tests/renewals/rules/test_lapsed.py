"""What lapsed cover costs: its class, reinstatement with fee and cap, recovery."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.lapse import LapseClass, class_ends_on, lapse_class
from renewals.rules.lines import Kind
from renewals.rules.policy import DEFAULT, Policy
from renewals.rules.pricing import FactorKind
from renewals.rules.quoting import charged, cost
from renewals.rules.recovery import recovery
from renewals.rules.reminders import Schedule
from renewals.rules.years import plus_months
from tests.renewals.rules.cases import TODAY, days, held, lapsed_days, positions

FORWARD = plus_months(TODAY, 12)


def amounts(position, ends_on):
    return {line.kind.value: str(line.amount) for line in charged(position, ends_on)}


@pytest.mark.parametrize(
    ("lapsed", "expected", "ends"),
    [
        (-1, LapseClass.CURRENT, 0),
        (0, LapseClass.CURRENT, 0),
        (1, LapseClass.REINSTATEMENT, 365),
        (365, LapseClass.REINSTATEMENT, 365),
        (366, LapseClass.RECOVERY, None),
    ],
)
def test_the_class_counts_the_days_since_the_expiry(lapsed, expected, ends):
    expires_on = TODAY - timedelta(lapsed)
    assert lapse_class(expires_on, TODAY, boundary=365) is expected
    last = None if ends is None else expires_on + timedelta(ends)
    assert class_ends_on(expires_on, TODAY, boundary=365) == last


def test_the_boundary_is_the_one_that_reminders_warn_of():
    policy = Policy(schedule=Schedule(boundary=90))
    assert held(1, 44, TODAY - timedelta(91), policy=policy).lapse_class is LapseClass.RECOVERY


@pytest.mark.parametrize("numbers", [{"fee": Decimal("-0.1")}, {"factor": Decimal("0.9")}])
def test_no_policy_may_reward_waiting(numbers):
    with pytest.raises(ValueError, match="rewards waiting"):
        Policy(**numbers)


def test_reinstatement_charges_the_whole_period_and_a_fee_on_its_back_part():
    lines = charged(held(50, 44, date(2026, 8, 24)), FORWARD)
    assert [(line.kind.value, str(line.amount)) for line in lines] == [
        ("reinstatement", "2740.98"),
        ("reinstatement_fee", "54.25"),
    ]
    assert lines[0].back == Decimal("542.47")
    assert sum(line.amount for line in lines) == Decimal("2795.23")


def test_reinstatement_shows_its_arithmetic():
    whole, fee = charged(held(50, 44, date(2026, 8, 24)), FORWARD)
    assert (whole.quantity, whole.unit_price, whole.years) == (50, Decimal(44), 1 + Fraction(90, 366))
    assert (whole.after_on, whole.ends_on, whole.days) == (date(2026, 8, 24), FORWARD, 455)
    assert (fee.quantity, fee.unit_price, fee.days) == (1, Decimal("542.47"), 90)
    assert [(factor.kind, factor.value) for factor in fee.parts[0].factors] == [(FactorKind.FEE, Fraction(1, 10))]


def test_the_discount_applies_to_cover_and_not_again_to_the_fee():
    whole, fee = charged(held(50, 44, date(2026, 8, 24), discount="0.04"), FORWARD)
    assert whole.amount == Decimal("2631.34")
    assert whole.back == Decimal("520.77")
    assert fee.amount == Decimal("52.08")


def test_the_day_before_the_boundary_never_costs_more_than_the_day_after():
    assert amounts(lapsed_days(365), FORWARD) == {
        "reinstatement": "4400.00",
        "reinstatement_fee": "220.00",
        "reinstatement_cap": "-1320.00",
    }
    assert amounts(lapsed_days(366), FORWARD) == {"recovery": "3300.00"}


@pytest.mark.parametrize(("ends_on", "amount"), [(date(2027, 11, 22), "3300.00"), (date(2028, 3, 31), "4081.42")])
def test_recovery_charges_the_first_year_at_the_factor(ends_on, amount):
    assert amounts(held(50, 44, date(2025, 3, 31)), ends_on) == {"recovery": amount}


def test_recovery_begins_after_the_pricing_day_and_shows_its_surcharge():
    (line,) = charged(held(50, 44, date(2025, 3, 31)), date(2028, 3, 31))
    assert (line.kind, line.after_on, line.years) == (Kind.RECOVERY, TODAY, 1 + Fraction(130, 366))
    assert [factor.value for factor in line.parts[1].factors] == [Fraction(1), Fraction(1, 2)]


@given(positions(lapse=st.integers(1, 365)), st.integers(0, 1500))
def test_reinstating_never_costs_more_than_recovering_to_the_same_date(position, later):
    ends_on = position.first_end() + timedelta(later)
    (recovered,) = recovery(position, ends_on)
    assert cost(position, ends_on) <= recovered.amount


@given(positions(), st.integers(1, 5), st.integers(0, 500))
def test_waiting_is_never_rewarded(position, whole_years, waited):
    """The same whole years ahead cost no less for someone whose cover expired earlier."""
    sooner = moved(position, 0)
    later = moved(position, waited)
    ends_on = plus_months(position.priced_on, 12 * whole_years)
    if sooner.expires_on <= ends_on:
        assert cost(sooner, ends_on) <= cost(later, ends_on)


def moved(position, by):
    expires_on = position.expires_on - timedelta(by)
    return replace(position, entitlement=replace(position.entitlement, expires_on=expires_on))


@given(days, st.integers(-400, 800))
def test_waiting_a_day_is_never_rewarded_as_the_calendar_moves(expires_on, lapsed):
    today, tomorrow = (expires_on + timedelta(lapsed + more) for more in (0, 1))
    prices = [
        cost(held(50, 44, expires_on, priced_on=day), plus_months(day, 24))
        for day in (today, tomorrow)
        if plus_months(day, 24) >= expires_on
    ]
    assert prices == sorted(prices)


def test_the_defaults_are_those_of_the_design():
    assert (DEFAULT.boundary, DEFAULT.fee, DEFAULT.factor) == (365, Decimal("0.10"), Decimal("1.5"))
    assert (DEFAULT.minimum_months, DEFAULT.horizon_months, DEFAULT.validity_days) == (12, 60, 30)
