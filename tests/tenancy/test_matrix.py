"""Every address × person × method × {own, foreign, absent}: with both walls, and with each of them alone."""

import re
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection
from django.urls import get_resolver

from tests.tenancy.addresses import ADDRESSES, LIBRARY
from tests.tenancy.asking import BOTH, READABLE, address_of
from tests.tenancy.probes import PEOPLE

WRITES = re.compile(r"^\s*(?:insert into|update|delete from) \"?(\w+)", re.IGNORECASE)
WRITTEN_BY_READING = {"accounts_auditentry", "django_session", "usersessions_usersession"}
# What differs from one answer to the next without telling anything.
NOISE = re.compile(rb"csrfmiddlewaretoken[^>]*>|X-CSRFToken[^}]*}")

# The tests of one address stand together, so that one need not ask again what another has asked.
of_each = partial(pytest.mark.parametrize, "name", scope="module")
pytestmark = pytest.mark.usefixtures("no_rates")


@pytest.fixture(scope="module")
def answered(name):
    """What this address has answered so far; each question leaves the world as it was."""
    return {}


@pytest.fixture
def ask(ask, walls, answered):
    """Asks nobody the same twice under the same walls; the answer knows which tables were written."""

    def once(person, method, url):
        key = (walls, person, method, url)
        if key not in answered:
            with written_tables() as tables:
                answered[key] = ask(person, method, url)
            answered[key].wrote = tables
        return answered[key]

    return once


@contextmanager
def written_tables():
    tables = set()

    def noted(execute, sql, *rest):
        tables.update(WRITES.findall(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(noted):
        yield tables


def body(answer, url):
    """The page without what differs each time, and without its own address in its forms."""
    return NOISE.sub(b"", answer.content).replace(url.encode(), b"")


def names(resolver=None, prefix=""):
    """Every address that the product knows, by its name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield prefix + str(pattern.name or pattern.pattern)


def test_every_address_is_in_the_table():
    assert {name for name in names() if not name.startswith(LIBRARY)} == set(ADDRESSES)


@of_each(sorted(ADDRESSES))
def test_each_person_gets_what_the_table_says(name, world, walls, ask):
    url, wrong = address_of(name, world), []
    for person in (*PEOPLE, "anonymous"):
        for method in ADDRESSES[name].methods:
            answer = ask(person, method, url)
            if not ADDRESSES[name].fits(person, method, answer):
                wrong.append(f"{method} as {person}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@of_each(sorted(name for name, address in ADDRESSES.items() if address.names_a_row))
def test_a_foreign_row_answers_like_an_absent_one(name, world, walls, ask):
    foreign, absent = address_of(name, world), address_of(name, world, absent=True)
    for person in ADDRESSES[name].strangers:
        for method in ADDRESSES[name].methods:
            one, other = ask(person, method, foreign), ask(person, method, absent)
            assert one.status_code == other.status_code, (person, method)
            assert body(one, foreign) == body(other, absent), (person, method)


@of_each(READABLE)
@pytest.mark.parametrize("walls", [BOTH], indirect=True)
def test_reading_writes_nothing_but_the_audit(name, world, walls, ask):
    url = address_of(name, world)
    for person in ADDRESSES[name].get:
        assert ask(person, "get", url).wrote <= WRITTEN_BY_READING
