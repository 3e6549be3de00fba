"""Every address × person × method × {own, foreign, absent}: with both walls, and with each of them alone."""

import re
from contextlib import nullcontext
from copy import deepcopy
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from pypdf import PdfReader

from accounts.querysets import TenantQuerySet
from tests.hats import database_role
from tests.tenancy.addresses import ADDRESSES, LIBRARY
from tests.tenancy.probes import PEOPLE, undone
from tests.tenancy.world import make_world

MODES = ("both walls", "policies alone", "scopes alone")
READABLE = sorted(name for name, address in ADDRESSES.items() if address.get is not None)
WRITES = re.compile(r"^\s*(?:insert into|update|delete from) \"?(\w+)", re.IGNORECASE)
WRITTEN_BY_READING = {"accounts_auditentry", "django_session", "usersessions_usersession"}
# What differs from one answer to the next without telling anything.
NOISE = re.compile(rb"csrfmiddlewaretoken[^>]*>|X-CSRFToken[^}]*}")

pytestmark = pytest.mark.usefixtures("no_rates")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Planted once for the module, in a transaction that each question leaves as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def no_rates(settings):
    """A person asks hundreds of questions a minute here."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture(params=MODES)
def walls(request, world, monkeypatch):
    """Both walls up, or one of them taken away."""
    if request.param == "policies alone":
        monkeypatch.setattr(TenantQuerySet, "visible_to", lambda rows, actor: rows if actor else rows.none())
    with database_role("coterm_owner") if request.param == "scopes alone" else nullcontext():
        yield request.param


@pytest.fixture(scope="module")
def clients(world):
    """Everybody has signed in once; a client of its own for each, because making one loads the middleware."""
    clients = {person: Client(raise_request_exception=False) for person in (*world.memberships, "anonymous")}
    with database_role("coterm_owner"):
        for person, membership in world.memberships.items():
            clients[person].force_login(membership.user)
    return clients


@pytest.fixture
def ask(clients):
    """Ask as a person; whatever the answer changed is undone."""

    def question(person, method, url):
        client = clients[person]
        cookies = deepcopy(client.cookies)
        with undone():
            answer = getattr(client, method)(url)
        client.cookies = cookies
        return answer

    return question


def body(answer, url):
    """The page without what differs each time, and without its own address in its forms."""
    return NOISE.sub(b"", answer.content).replace(url.encode(), b"")


def address_of(name, world, *, absent=False):
    arguments = ADDRESSES[name].own(world)
    return reverse(name, kwargs={key: twin(value) if absent else value for key, value in arguments.items()})


def twin(value):
    """Something of the same form that nobody has."""
    return uuid4() if isinstance(value, UUID) else "absent"


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


@pytest.mark.parametrize("name", READABLE)
def test_no_page_tells_anybody_what_is_anothers(name, world, walls, ask):
    """The canaries: `secret-<customer>` stands in its licences' notes, a customer's name in all that is its own."""
    url = address_of(name, world)
    for person, secrets in {
        "carmen": ("Larkfield", "secret-larkfield"),
        "diego": ("Larkfield", "secret-larkfield"),
        "alba": ("Tidewater", "secret-tidewater"),
        "bruno": ("Tidewater", "secret-tidewater"),
        "elena": ("secret-larkfield", "secret-tidewater"),
        "farid": ("Tidewater", "secret-tidewater"),
        "anonymous": ("Larkfield", "Tidewater", "secret-"),
    }.items():
        text = read(ask(person, "get", url))
        told = [secret for secret in secrets if secret in text]
        assert not told or ADDRESSES[name].open, (person, told)


def read(answer):
    """What a reader gets to see, of a page or of a document."""
    if answer.headers["Content-Type"] != "application/pdf":
        return answer.content.decode()
    return "\n".join(each.extract_text() for each in PdfReader(BytesIO(answer.content)).pages)
