"""Fixtures of every test: a database with the walls up, and no network."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import TransactionTestCase
from django.utils import timezone, translation

from tests import database


def pytest_collection_modifyitems(items):
    """The long ones first, else in their random order: one that came last would let the other cores wait for it."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("long", "browser"))))


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_keepdb, django_db_createdb):
    """Replaces pytest-django's own: made and migrated by the owner, then used in the hat of web."""
    worker = getattr(request.config, "workerinput", {"testrunuid": uuid4().hex, "workerid": "alone"})
    with django_db_blocker.unblock():
        keep = django_db_keepdb and not django_db_createdb
        template = database.migrated_template(run=worker["testrunuid"], keep=keep)
        name = f"{template}_{worker['workerid']}"
        database.copy(template, name)
        with database.acting_as_web(name), copied_afresh(template, name):
            yield
        database.drop(name)


@contextmanager
def copied_afresh(template: str, name: str) -> Iterator[None]:
    """After a test that commits: Django would empty the tables, and with them what the migrations filled in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: database.copy(template, name))
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_passwords():
    """Argon2 as little as it can be: guessing the passwords of tests is to be cheap."""
    with pytest.MonkeyPatch.context() as patch:
        for name, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
            patch.setattr(Argon2PasswordHasher, name, least)
        yield


@pytest.fixture(autouse=True)
def at_home():
    """The language and the time zone of one test's reader are not the next one's."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
        yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever calls out of the machine has forgotten a double."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and not is_local(address[0]):
            raise AssertionError(f"A test wanted to connect to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
