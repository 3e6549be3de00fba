"""The cache while Redis is away."""

import socket

import pytest
from django.core.cache.backends.redis import RedisCache

from interface.caches import SteadyCache
from interface.rates import spent


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    monkeypatch.setattr(SteadyCache, "back_at", {})


@pytest.fixture
def silent():
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def cache_at(port):
    return SteadyCache(f"redis://127.0.0.1:{port}", {})


def test_a_silent_redis_is_asked_once_and_limits_hold_all_the_same(silent, monkeypatch):
    monkeypatch.setattr("interface.rates.cache", cache_at(silent.getsockname()[1]))
    monkeypatch.setattr("interface.rates.time.time", lambda: 1_795_900_000)  # a minute that does not end meanwhile
    asked = []
    monkeypatch.setattr(RedisCache, "incr", lambda *words: asked.append(words))
    assert [spent("search", "somebody", limit=2) for _ in range(3)] == [False, False, True]
    assert SteadyCache.back_at and not asked


def test_an_absent_redis_answers_nothing_and_keeps_what_it_is_given():
    cache = cache_at(1)
    assert cache.get("k", "none") == "none"
    cache.set("k", "kept", 60)
    assert (cache.get("k"), cache.get_many(["k"]), cache.has_key("k")) == ("kept", {"k": "kept"}, True)


def test_redis_is_asked_again_after_a_while(settings, monkeypatch):
    cache = SteadyCache(settings.CACHES["default"]["LOCATION"], {"KEY_PREFIX": "steady"})
    cache.leave(TimeoutError())
    cache.set("again", "here", 60)
    monkeypatch.setattr(SteadyCache, "back_at", {})
    assert cache.get("again") is None
    cache.set("again", "there", 60)
    assert RedisCache(settings.CACHES["default"]["LOCATION"], {"KEY_PREFIX": "steady"}).get("again") == "there"


def test_a_mistake_of_ours_is_not_an_absence(settings):
    cache = SteadyCache(settings.CACHES["default"]["LOCATION"], {})
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nobody_has_added_this")
    assert not cache.is_away()
