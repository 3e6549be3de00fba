"""What a mail server's answer means, and how long a failed letter waits."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import PERIODS, Outcome, Rate, backoff, outcome


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


@given(st.integers(1, 100_000), st.sampled_from(sorted(PERIODS.values())))
def test_a_burst_and_what_follows_it_stay_within_the_rate(count, seconds):
    rate = Rate(count, seconds)
    after = (timedelta(seconds=seconds) - timedelta(microseconds=1)) // rate.interval
    assert 0.8 * count <= rate.burst + after <= count


@pytest.mark.parametrize("text", ["100", "/m", "0/m", "-1/m", "1.5/s", "100/w", "100 / m", "٣/m"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        Rate.read(text)


def test_a_rate_is_written_by_count_and_period():
    assert (Rate.read("3000/h"), Rate.read("")) == (Rate(3000, 3600), None)
