"""What a quote warns of."""

from datetime import date
from decimal import Decimal

import pytest

from renewals.rules.bands import Hint
from renewals.rules.cautions import Matter, cautions, in_turn, refused
from renewals.rules.modes import Ask, Mode, propose
from renewals.rules.positions import positions
from renewals.rules.refusals import NoPrice, NothingToQuote, TooEarly, TooLate, Unpriced
from tests.renewals.rules.cases import TODAY, A, B, C, basis, held, lapsed_days, owned, row, synchronised


def said(positions, known=None, **ask):
    """The cautions of one mode by what they are about."""
    found = cautions(positions, propose(positions, Ask(**ask)), known or basis())
    return {each.matter: each for each in found}


def test_a_calm_quote_says_nothing():
    assert said(synchronised()) == {}


def test_lapsed_cover_says_until_when_the_gap_can_be_closed():
    caution = said((lapsed_days(90),))[Matter.LAPSED]
    assert (caution.coverages, caution.on) == ((A,), date(2027, 8, 25))


@pytest.mark.parametrize(
    ("days", "matter"),
    [
        (335, Matter.LAPSED),
        (336, Matter.NEARS_RECOVERY),
        (365, Matter.NEARS_RECOVERY),
        (366, Matter.GAP_STAYS),
    ],
)
def test_what_will_soon_need_recovery_stands_out(days, matter):
    assert list(said((lapsed_days(days),))) == [matter]


def test_a_raised_date_names_the_lines_and_what_the_mode_gave():
    caution = said(synchronised(), months=3)[Matter.RAISED]
    assert (caution.coverages, caution.on) == ((C,), date(2027, 3, 31))


def test_lines_with_dates_of_their_own_are_raised_without_one_date():
    caution = said((lapsed_days(90),), mode=Mode.EACH, months=6)[Matter.RAISED]
    assert (caution.coverages, caution.on) == ((A,), None)


def test_a_cost_free_date_names_whom_it_shortens_and_leaves_out():
    yen = held(1, 9000, date(2027, 9, 15), coverage=B, currency="JPY")
    lapsed = held(1, 100, date(2026, 8, 24), coverage=C)
    long = held(50, 44, date(2027, 12, 31), coverage=A)
    short = held(50, 44, TODAY, coverage=TODAY)
    found = said((long, short, yen, lapsed), mode=Mode.COST_FREE, currency="EUR")
    assert found[Matter.SHORTENED].coverages == (A,)
    assert found[Matter.LEFT_OUT].coverages == (C,)
    assert found[Matter.OTHER_CURRENCY].coverages == (B,)


def test_a_larger_band_that_costs_less_is_pointed_out():
    known = basis(row(44, qty_max=49), row(40, qty_min=50))
    caution = said(positions([owned(49, TODAY)], known), known)[Matter.CHEAPER_BAND]
    assert caution.hint == Hint(50, Decimal("2000.00"), Decimal("156.00"))
    assert (caution.saving, caution.currency) == (Decimal("156.00"), "EUR")


def test_the_band_of_lapsed_cover_counts_its_own_date():
    known = basis(row(44, qty_max=49), row(40, qty_min=50))
    caution = said(positions([owned(49, date(2026, 8, 24))], known), known)[Matter.CHEAPER_BAND]
    assert caution.saving == Decimal("198.20")


def test_a_refusal_names_the_lines_to_leave_out():
    limits = {A: date(2027, 3, 31), B: date(2027, 9, 15)}
    (early,), (late,) = refused(TooEarly(limits)), refused(TooLate(limits))
    assert (early.matter, early.coverages, early.on) == (Matter.TOO_EARLY, (A, B), date(2027, 9, 15))
    assert (late.matter, late.on) == (Matter.TOO_LATE, date(2027, 3, 31))
    (unpriced,) = refused(Unpriced({C: NoPrice()}))
    assert (unpriced.matter, unpriced.coverages) == (Matter.UNPRICED, (C,))
    assert refused(NothingToQuote()) == ()


def test_without_a_plan_the_lapses_are_still_said():
    assert [each.matter for each in cautions((lapsed_days(90),), None, basis())] == [Matter.LAPSED]


def test_the_most_pressing_stands_first():
    found = refused(TooEarly({A: TODAY})) + refused(Unpriced({A: NoPrice()}))
    assert [each.matter for each in in_turn(found)] == [Matter.UNPRICED, Matter.TOO_EARLY]


def test_a_cost_free_date_that_shortens_nothing_says_nothing():
    assert said((held(50, 44, date(2027, 1, 31)),), mode=Mode.COST_FREE) == {}


def test_a_larger_band_that_costs_more_is_no_matter():
    known = basis(row(44, qty_max=49), row(43, qty_min=50))
    assert said(positions([owned(10, TODAY)], known), known) == {}
