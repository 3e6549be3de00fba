"""How dates become terms."""

from datetime import date

import pytest

from licences.rules.terms import Span, next_term, opens_term

LAST = Span(date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("last", "starts_on", "ends_on", "opens", "span"),
    [
        (None, None, date(2027, 6, 30), True, Span(TODAY, date(2027, 6, 30))),
        (None, None, date(2020, 6, 30), True, Span(date(2020, 6, 30), date(2020, 6, 30))),
        (None, date(2026, 7, 1), date(2027, 6, 30), True, Span(date(2026, 7, 1), date(2027, 6, 30))),
        (LAST, None, date(2027, 12, 31), True, Span(date(2027, 1, 1), date(2027, 12, 31))),
        (LAST, date(2027, 3, 1), date(2027, 12, 31), True, Span(date(2027, 3, 1), date(2027, 12, 31))),
        (LAST, date(2026, 1, 1), date(2027, 12, 31), False, Span(date(2026, 1, 1), date(2027, 12, 31))),
        (LAST, None, date(2026, 6, 30), False, Span(date(2026, 1, 1), date(2026, 6, 30))),
        (LAST, None, date(2025, 6, 30), False, Span(date(2025, 6, 30), date(2025, 6, 30))),
        (LAST, date(2026, 2, 1), date(2026, 12, 31), False, Span(date(2026, 2, 1), date(2026, 12, 31))),
    ],
)
def test_a_later_end_opens_a_term_and_anything_else_corrects_the_last(last, starts_on, ends_on, opens, span):
    assert opens_term(last, starts_on=starts_on, ends_on=ends_on) is opens
    assert next_term(last, starts_on=starts_on, ends_on=ends_on, known_from=TODAY) == span
