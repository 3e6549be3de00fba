"""What a certificate says of the day from which something is covered."""

from datetime import date

import pytest

from renewals.rules.certificates import covered_from

BOUGHT, ENDED = date(2024, 1, 1), date(2025, 3, 31)
ANEW, LAST = date(2026, 11, 23), date(2028, 3, 31)


@pytest.mark.parametrize(
    ("terms", "starts_on", "expected"),
    [
        ([], BOUGHT, BOUGHT),
        ([], None, None),
        ([(BOUGHT, ENDED), (ANEW, LAST)], BOUGHT, ANEW),
        ([(BOUGHT, ENDED), (ANEW, LAST)], None, ANEW),
        ([(BOUGHT, ENDED), (date(2025, 4, 1), LAST)], BOUGHT, BOUGHT),
        ([(BOUGHT, ENDED), (date(2025, 4, 1), LAST)], None, BOUGHT),
        ([(date(2025, 4, 1), LAST), (BOUGHT, ENDED)], date(2025, 1, 1), date(2025, 1, 1)),
        ([(BOUGHT, ENDED)], BOUGHT, BOUGHT),
    ],
)
def test_cover_counts_from_the_last_gap_that_is_known(terms, starts_on, expected):
    assert covered_from(terms, starts_on=starts_on, expires_on=LAST) == expected
