"""When more seats cost less, the quote says so."""

from datetime import date
from decimal import Decimal

import pytest

from renewals.rules.bands import Hint, hint
from renewals.rules.years import plus_months
from tests.renewals.rules.cases import TODAY, basis, owned, row

BANDS = (row(44, qty_max=49), row(40, qty_min=50))


def test_a_dearer_smaller_band_is_pointed_out():
    found = hint(owned(49, TODAY), basis(*BANDS), ends_on=plus_months(TODAY, 12))
    assert found == Hint(50, Decimal("2000.00"), Decimal("156.00"))


@pytest.mark.parametrize("quantity", [45, 50])
def test_no_hint_where_more_seats_cost_as_much_or_more(quantity):
    assert hint(owned(quantity, TODAY), basis(*BANDS), ends_on=plus_months(TODAY, 12)) is None


def test_a_faulty_larger_band_gives_no_hint():
    rows = (row(44, qty_max=49), row(1, qty_min=50), row(2, qty_min=50))
    assert hint(owned(49, TODAY), basis(*rows), ends_on=plus_months(TODAY, 12)) is None


def test_the_hint_counts_the_fee_of_lapsed_cover_too():
    found = hint(owned(49, date(2026, 8, 24)), basis(*BANDS), ends_on=plus_months(TODAY, 12))
    assert found == Hint(50, Decimal("2541.12"), Decimal("198.20"))
