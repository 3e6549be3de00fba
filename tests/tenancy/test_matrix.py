"""Every address × person × method × {own, foreign, absent}: with both walls, and with each of them alone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from tests.tenancy.addresses import ADDRESSES, LIBRARY
from tests.tenancy.asking import READABLE, address_of
from tests.tenancy.probes import PEOPLE

WRITES = re.compile(r"^\s*(?:insert into|update|delete from) \"?(\w+)", re.IGNORECASE)
WRITTEN_BY_READING = {"accounts_auditentry", "django_session", "usersessions_usersession"}
# What differs from one answer to the next without telling anything.
NOISE = re.compile(rb"csrfmiddlewaretoken[^>]*>|X-CSRFToken[^}]*}")

pytestmark = pytest.mark.usefixtures("no_rates")


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


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_each_person_gets_what_the_table_says(name, world, walls, ask):
    url, wrong = address_of(name, world), []
    for person in (*PEOPLE, "anonymous"):
        for method in ADDRESSES[name].methods:
            answer = ask(person, method, url)
            if not ADDRESSES[name].fits(person, method, answer):
                wrong.append(f"{method} as {person}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(name for name, address in ADDRESSES.items() if address.names_a_row))
def test_a_foreign_row_answers_like_an_absent_one(name, world, walls, ask):
    foreign, absent = address_of(name, world), address_of(name, world, absent=True)
    for person in ADDRESSES[name].strangers:
        for method in ADDRESSES[name].methods:
            one, other = ask(person, method, foreign), ask(person, method, absent)
            assert one.status_code == other.status_code, (person, method)
            assert body(one, foreign) == body(other, absent), (person, method)


@pytest.mark.parametrize("name", READABLE)
def test_reading_writes_nothing_but_the_audit(name, world, ask):
    url = address_of(name, world)
    for person in ADDRESSES[name].get:
        with CaptureQueriesContext(connection) as queries:
            ask(person, "get", url)
        assert {found[1] for query in queries if (found := WRITES.match(query["sql"]))} <= WRITTEN_BY_READING
