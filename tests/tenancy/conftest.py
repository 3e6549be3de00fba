"""The small world, and its people who ask; a module may plant more into its own world."""

from contextlib import nullcontext

import pytest

from tests.hats import database_role
from tests.tenancy.asking import MODES, POLICIES, SCOPES, answer_of, kept_for_a_module, signed_in, without_scopes
from tests.tenancy.world import make_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_for_a_module(django_db_blocker, make_world) as world:
        yield world


@pytest.fixture(scope="module")
def clients(world):
    return signed_in(world)


@pytest.fixture
def ask(clients):
    return lambda person, method, url: answer_of(clients[person], method, url)


@pytest.fixture
def no_rates(settings):
    """A person asks hundreds of questions a minute here."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture(params=MODES)
def walls(request, world, monkeypatch):
    """Both walls up, or one of them taken away."""
    if request.param == POLICIES:
        without_scopes(monkeypatch)
    with database_role("coterm_owner") if request.param == SCOPES else nullcontext():
        yield request.param
