"""Price schedules: their days, bands that meet, and amounts as people write them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.listing import Flaw, Flawed, amount, whole
from renewals.rules.schedules import Band, Obstacle, Validity, clashes, last_day, obstacle_to

TODAY = date(2026, 11, 22)
TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


@pytest.mark.parametrize(
    ("wanted", "obstacle"),
    [
        (Validity(TODAY), None),
        (Validity(TODAY, TODAY), None),
        (Validity(YESTERDAY), Obstacle.PAST),
        (Validity(TOMORROW, TODAY), Obstacle.BACKWARD),
        (Validity(date(2027, 1, 1)), Obstacle.TAKEN),
    ],
)
def test_a_version_begins_today_or_later_on_a_day_of_its_own(wanted, obstacle):
    assert obstacle_to(wanted, others=[Validity(date(2027, 1, 1))], today=TODAY) is obstacle


@pytest.mark.parametrize(
    ("planned", "following", "last"),
    [(None, None, None), (TODAY, None, TODAY), (None, TODAY, YESTERDAY), (YESTERDAY, TOMORROW, YESTERDAY)],
)
def test_a_version_lasts_through_its_plan_or_until_the_next(planned, following, last):
    assert last_day(planned, next_begins_on=following) == last


@pytest.mark.parametrize(
    ("bands", "met"),
    [
        ([(1, 49), (50, None)], []),
        ([(1, 50), (50, None)], [(1, 0)]),
        ([(1, None), (500, 600)], [(1, 0)]),
        ([(100, 200), (1, 99), (201, None), (99, 99)], [(3, 1)]),
        ([(10, 20), (1, None)], [(1, 0)]),
        ([(1, 1), (2, 2), (1, 1)], [(2, 0)]),
    ],
)
def test_bands_that_meet_are_named_in_pairs(bands, met):
    assert list(clashes(enumerate(Band("key", low, high) for low, high in bands))) == met


def test_prices_of_different_terms_never_meet():
    assert not list(clashes([(1, Band(12, 1)), (2, Band(24, 1))]))


bands = st.tuples(st.integers(1, 30), st.integers(0, 10) | st.none()).map(
    lambda drawn: Band("key", drawn[0], None if drawn[1] is None else drawn[0] + drawn[1])
)


@given(st.lists(bands, max_size=8))
def test_what_is_left_fits_each_quantity_at_most_once(drawn):
    refused = {later for later, _earlier in clashes(enumerate(drawn))}
    left = [band for number, band in enumerate(drawn) if number not in refused]
    for quantity in range(1, 45):
        assert sum(band.qty_min <= quantity <= (band.qty_max or 99) for band in left) <= 1


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("44", "44"),
        ("44.00", "44"),
        ("44,5", "44.5"),
        ("1.234", "1.234"),
        ("1,234.50", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1 234,50", "1234.5"),
        ("1'234.50", "1234.5"),
        ("1,234,567", "1234567"),
        ("0", "0"),
        ("0.0045", "0.0045"),
        ("0,123", "0.123"),
        ("0.000001", "0.000001"),
    ],
)
def test_amounts_are_read_as_people_write_them(cell, value):
    assert amount(f" {cell} ") == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "flaw"),
    [
        ("", Flaw.MISSING),
        ("1,234", Flaw.AMBIGUOUS),
        ("-1", Flaw.AMOUNT),
        ("=1+1", Flaw.AMOUNT),
        ("1e5", Flaw.AMOUNT),
        ("NaN", Flaw.AMOUNT),
        ("Infinity", Flaw.AMOUNT),
        ("44 €", Flaw.AMOUNT),
        ("1,23,456", Flaw.AMOUNT),
        ("1,234,5", Flaw.AMOUNT),
        ("٤٤", Flaw.AMOUNT),
        ("9" * 400, Flaw.LARGE),
        ("10000000000", Flaw.LARGE),
        ("0.0000001", Flaw.FINE),
    ],
)
def test_what_is_no_amount_is_refused_not_guessed(cell, flaw):
    with pytest.raises(Flawed) as refusal:
        amount(cell)
    assert refusal.value.flaw is flaw


@pytest.mark.parametrize(
    ("cell", "flaw"), [("0", Flaw.NUMBER), ("-1", Flaw.NUMBER), ("1.5", Flaw.NUMBER), ("121", Flaw.LARGE)]
)
def test_terms_and_quantities_are_whole(cell, flaw):
    assert (whole(" 12 ", most=120), whole("", most=120)) == (12, None)
    with pytest.raises(Flawed) as refusal:
        whole(cell, most=120)
    assert refusal.value.flaw is flaw
