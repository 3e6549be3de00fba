"""Amounts and numbers in the reader's language."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from interface import money


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("en", Decimal("51250.00"), "EUR", "€51,250"),
        ("en", Decimal("1090.96"), "EUR", "€1,090.96"),
        ("en", -1200, "EUR", "−€1,200"),
        ("en", 1250, "JPY", "JP¥1,250"),
        ("es", Decimal("51250"), "EUR", "51.250 €"),
        ("es", Decimal("6093"), "EUR", "6.093 €"),
        ("es", Decimal("0.5"), "USD", "0,50 US$"),
    ],
)
def test_cents_are_shown_only_when_there_are_any(language, amount, currency, text):
    with override(language):
        assert money.money(amount, currency).replace("\u00a0", " ") == text


def test_columns_that_add_up_keep_their_cents():
    with override("en"):
        assert money.money_exact(Decimal("51250"), "EUR") == "€51,250.00"


@pytest.mark.parametrize(("language", "number", "share"), [("en", "1,816", "15.5%"), ("es", "1.816", "15,5 %")])
def test_numbers_and_shares_follow_the_language(language, number, share):
    with override(language):
        assert money.number(1816) == number
        assert money.percent(Decimal("0.155")).replace("\u00a0", " ") == share
