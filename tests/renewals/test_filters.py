"""What a query string asks of the portfolio."""

from datetime import date

import pytest

from licences.rules import NO_DATE
from renewals.rules.filters import Filters

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("expires=30", date(2026, 11, 22), date(2026, 12, 22)),
        ("expires=31-90", date(2026, 12, 23), date(2027, 2, 20)),
        ("expires=lapsed", date.min, date(2026, 11, 21)),
        ("expires=due", date.min, date(2026, 12, 22)),
        ("expires=later", date(2027, 2, 21), date(9999, 12, 30)),
        ("expires=undated", NO_DATE, NO_DATE),
        ("expires_from=2026-12-01", date(2026, 12, 1), date(9999, 12, 30)),
        ("expires_to=2026-12-31", date.min, date(2026, 12, 31)),
        ("expires=30&expires_from=2027-01-01&expires_to=2027-01-31", date(2027, 1, 1), date(2027, 1, 31)),
    ],
)
def test_a_period_is_inclusive_and_dates_that_are_given_win(query, first, last):
    assert Filters.read(query).dates(TODAY) == (first, last)


@pytest.mark.parametrize("query", ["", "expires=soon", "expires_from=yesterday", "sort=price", "country=../etc"])
def test_what_nobody_understands_asks_for_nothing(query):
    assert Filters.read(query) == Filters()
    assert Filters().dates(TODAY) is None


def test_filters_are_written_as_they_are_read():
    query = "q=a&expires=30&programme=hw&access=view&access=renew&country=ES&customer=larkfield&mine=1&sort=-quantity"
    assert Filters.read(query).query() == query


def test_a_page_is_no_filter_and_an_order_narrows_nothing():
    asked = Filters.read("expires=lapsed&after=abc&sort=customer")
    assert asked.query() == "expires=lapsed&sort=customer"
    assert asked.unsorted() == Filters(expires="lapsed")


def test_a_text_is_shortened_and_loses_what_a_database_refuses():
    assert Filters.read("q=%00a%20" + "b" * 200).text == "a " + "b" * 98
