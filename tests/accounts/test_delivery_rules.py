"""What a mail server's answer means, and how long a failed letter waits."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Outcome, backoff, outcome


@pytest.mark.parametrize(
    ("code", "text", "for_address", "meaning"),
    [
        (250, "OK", True, Outcome.SENT),
        (451, "4.7.1 greylisted", True, Outcome.RETRY),
        (550, "5.1.1 no such user", True, Outcome.REFUSED),
        (550, "no such user", True, Outcome.REFUSED),
        (550, "5.2.1 disabled", True, Outcome.REFUSED),
        (550, "5.7.1 relaying denied", True, Outcome.RETRY),
        (552, "5.2.2 full", True, Outcome.RETRY),
        (554, "no", True, Outcome.RETRY),
        (554, "5.6.0 content", False, Outcome.REFUSED),
        (554, "5.7.1 spam", False, Outcome.RETRY),
    ],
)
def test_only_certain_refusals_are_final(code, text, for_address, meaning):
    assert outcome(code, text, for_address=for_address) is meaning


@given(st.integers(1, 200), st.floats(0, 0.999))
def test_waiting_is_between_a_minute_and_six_hours(attempt, jitter):
    assert timedelta(minutes=1) <= backoff(attempt, jitter=jitter) <= timedelta(hours=6)


@given(st.integers(1, 200), st.floats(0, 0.999))
def test_waiting_never_gets_shorter(attempt, jitter):
    assert backoff(attempt, jitter=jitter) <= backoff(attempt + 1, jitter=jitter)
