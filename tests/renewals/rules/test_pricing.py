"""Published prices: the row that counts, and what any length of cover costs."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.positions import positions
from renewals.rules.pricing import FactorKind, Part, Prices, Tariff
from renewals.rules.refusals import NoPrice, SeveralPrices, Unpriced
from renewals.rules.rounding import Rounding, rounded
from tests.renewals.rules.cases import CENT, TODAY, A, B, C, basis, owned, row, tariffs, term

lengths = st.fractions(0, 8, max_denominator=366)
ARTICLE = (A, "sa", "EUR")


@pytest.mark.parametrize(
    ("terms", "years", "price"),
    [
        ([(1, 44), (2, 80)], "1.7", "74.80"),
        ([(1, 44), (2, 80)], "1.9", "80"),
        ([(1, 44), (2, 80)], "2", "80"),
        ([(1, 44), (2, 80)], "2.5", "100"),
        ([(1, 44), (2, 80), (3, 75)], "2", "75"),
        ([(1, 44), (2, 80), (3, 75)], "4", "100"),
        ([(2, 80)], "1", "40"),
        ([(1, 44)], "0", "0"),
    ],
)
def test_the_longest_term_within_prices_it_and_a_cheaper_longer_one_caps_it(terms, years, price):
    assert Tariff(tuple(term(*each) for each in terms)).price(Fraction(years)) == Fraction(price)


def test_a_price_shows_the_published_term_that_it_comes_from():
    tariff = Tariff((term(1, 44), term(2, 80)))
    assert tariff.part(Fraction("1.7")) == Part(Decimal(44), 12).times(FactorKind.TERM, Fraction("1.7"))
    assert tariff.part(Fraction("1.9")) == Part(Decimal(80), 24)


def test_whole_years_stay_exact_whoever_asks_first():
    tariff = Tariff((term(1, 41),))
    assert {type(tariff.price(years)) for years in (1, Fraction(1))} == {Fraction}


@given(tariffs, lengths, lengths)
def test_less_time_never_costs_more(tariff, some, other):
    assert tariff.price(min(some, other)) <= tariff.price(max(some, other))


@given(tariffs, lengths)
def test_no_published_term_that_is_long_enough_is_cheaper(tariff, years):
    assert all(tariff.price(years) <= Fraction(each.amount) for each in tariff.terms if each.months >= 12 * years)


BANDS = (
    row(44, qty_max=49),
    row(40, qty_min=50, valid_to=date(2026, 12, 31)),
    row(42, qty_min=50, valid_from=date(2027, 1, 1)),
    row(80, months=24),
    row(6000, currency="JPY"),
)


@pytest.mark.parametrize(
    ("quantity", "on", "terms"),
    [
        (49, date(2026, 12, 31), ((1, 44), (2, 80))),
        (50, date(2026, 12, 31), ((1, 40), (2, 80))),
        (50, date(2027, 1, 1), ((1, 42), (2, 80))),
    ],
)
def test_quantity_picks_the_band_and_the_pricing_day_the_version(quantity, on, terms):
    tariff = Prices(BANDS).tariff(ARTICLE, quantity=quantity, on=on)
    assert tariff == Tariff(tuple(term(*each) for each in terms))


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(random: Random):
    shuffled = random.sample(BANDS, len(BANDS))
    assert Prices(shuffled).tariff(ARTICLE, quantity=7, on=TODAY) == Prices(BANDS).tariff(ARTICLE, quantity=7, on=TODAY)


@pytest.mark.parametrize("rows", [[], [row(44, valid_from=date(2027, 1, 1))], [row(44, qty_min=51)]])
def test_no_row_is_an_error(rows):
    with pytest.raises(NoPrice):
        Prices(rows).tariff(ARTICLE, quantity=50, on=TODAY)


def test_two_rows_for_one_term_are_an_error():
    with pytest.raises(SeveralPrices) as refused:
        Prices([row(44), row(43, qty_min=10)]).tariff(ARTICLE, quantity=50, on=TODAY)
    assert refused.value.months == 12


def test_coverages_keep_their_order():
    owned_here = [owned(50, TODAY, coverage=coverage) for coverage in (B, A)]
    found = positions(owned_here, basis(row(44), row(1, product=B)))
    assert [(each.coverage, each.tariff) for each in found] == [(B, Tariff((term(1, 1),))), (A, Tariff((term(1, 44),)))]


def test_every_line_at_fault_is_named():
    schedule = basis(row(44), row(1, product=B), row(2, product=B))
    with pytest.raises(Unpriced) as refused:
        positions([owned(50, TODAY, coverage=coverage) for coverage in (A, B, C)], schedule)
    assert {coverage: type(fault) for coverage, fault in refused.value.faults.items()} == {B: SeveralPrices, C: NoPrice}


@pytest.mark.parametrize(
    ("rounding", "amount"), [(Rounding.HALF_UP, "0.13"), (Rounding.UP, "0.13"), (Rounding.DOWN, "0.12")]
)
def test_a_half_goes_where_the_policy_says(rounding, amount):
    assert rounded(Fraction(1, 8), CENT, rounding) == Decimal(amount)


def test_half_up_rounds_less_than_a_half_down():
    assert rounded(Fraction(12499, 100000), CENT) == Decimal("0.12")
