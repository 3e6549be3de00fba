"""A whole run that midnight would meet begins after it."""

from datetime import UTC, datetime

import pytest

from script.checks import held_back


@pytest.mark.parametrize(
    ("hour", "minute", "second", "seconds"),
    [(12, 0, 0, 0), (23, 51, 0, 0), (23, 51, 1, 539), (23, 59, 59, 1), (0, 0, 0, 0)],
)
def test_the_tests_have_one_day(hour, minute, second, seconds):
    assert held_back(datetime(2026, 11, 28, hour, minute, second, tzinfo=UTC)) == seconds
