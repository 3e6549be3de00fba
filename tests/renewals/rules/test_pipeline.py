"""How far renewals have come, and what is at stake."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from renewals.rules.pipeline import Held, Quoted, Stage, stages, worth
from renewals.rules.pricing import PriceRow, Prices

DAY = date(2026, 11, 22)
A, B = UUID(int=1), UUID(int=2)
UNITS = {"EUR": Decimal("0.01"), "JPY": Decimal(1)}


def quoted(coverage, stage, quote=1, amount="10.00", currency="EUR"):
    return Quoted(coverage, UUID(int=quote), stage, currency, Decimal(amount))


def row(currency, amount, *, months=12, low=1, high=None):
    return PriceRow(A, "sa", currency, months, Decimal(amount), DAY, None, low, high)


def held(quantity, *, currency="EUR", product=A, coverages=1):
    return Held(product, "sa", currency, quantity, coverages, False, False)


def test_a_coverage_counts_once_at_its_furthest_stage():
    found = stages([quoted(A, Stage.DRAFT, 3), quoted(A, Stage.SENT, 2, "7.00"), quoted(B, Stage.DRAFT)])
    assert {stage: (each.coverages, each.money) for stage, each in found.items()} == {
        Stage.SENT: (1, {"EUR": Decimal("7.00")}),
        Stage.DRAFT: (1, {"EUR": Decimal("10.00")}),
    }


def test_of_two_quotes_at_one_stage_the_newer_counts():
    found = stages([quoted(A, Stage.DRAFT, 9, "5.00"), quoted(A, Stage.DRAFT, 2, "8.00")])
    assert found[Stage.DRAFT].money == {"EUR": Decimal("5.00")}


def test_what_is_under_way_again_is_not_renewed():
    assert set(stages([quoted(A, Stage.RENEWED, 1), quoted(A, Stage.DRAFT, 2)])) == {Stage.DRAFT}


def test_currencies_are_never_added_up():
    found = stages([quoted(A, Stage.SENT), quoted(B, Stage.SENT, amount="4", currency="JPY")])
    assert found[Stage.SENT].money == {"EUR": Decimal("10.00"), "JPY": Decimal(4)}


def test_the_worth_is_the_price_of_one_year_by_band_in_each_currency():
    prices = Prices([row("EUR", "44", high=49), row("EUR", "40", low=50), row("JPY", "5000")])
    tally = worth([held(10, coverages=2), held(50), held(1, currency="JPY")], prices, on=DAY, units=UNITS)
    assert (tally.coverages, tally.money) == (4, {"EUR": Decimal("2880.00"), "JPY": Decimal(5000)})


def test_one_year_under_a_longer_term_is_its_share_rounded_for_each_coverage():
    tally = worth([held(1, coverages=3)], Prices([row("EUR", "100", months=36)]), on=DAY, units=UNITS)
    assert tally.money == {"EUR": Decimal("99.99")}


def test_what_has_no_price_is_counted_apart():
    tally = worth([held(1, product=B, coverages=2)], Prices([]), on=DAY, units=UNITS)
    assert (tally.coverages, tally.unpriced, tally.money) == (2, 2, {})
