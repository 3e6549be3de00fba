"""Who asks too often has to wait."""

from uuid import uuid4

import pytest

from interface import rates
from interface.rates import spent


@pytest.fixture
def clock(monkeypatch):
    """Holds the time still, because a minute that turns begins to count anew."""
    moment = [1_000_000.0]
    monkeypatch.setattr(rates.time, "time", lambda: moment[0])
    return moment


def test_the_rate_is_spent_after_its_limit(clock):
    person = uuid4()
    assert [spent("search", person, limit=2) for _ in range(3)] == [False, False, True]


def test_another_minute_another_person_and_another_action_count_anew(clock):
    person = uuid4()
    assert not spent("search", person, limit=1)
    assert not spent("search", uuid4(), limit=1)
    assert not spent("export", person, limit=1)
    clock[0] += 60
    assert not spent("search", person, limit=1)


def test_a_count_that_ran_out_in_between_does_not_refuse(clock, monkeypatch):
    monkeypatch.setattr(rates.cache, "incr", lambda key: (_ for _ in ()).throw(ValueError(key)))
    assert not spent("search", uuid4(), limit=0)
