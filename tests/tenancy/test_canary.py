"""The canary: a word of its own stands in every typed field; nobody is told one that was not granted to be read."""

import logging
import os

import pytest
from django.core.cache import cache
from django.db import connection

from accounts import audit
from accounts.middleware import TenancyMiddleware
from accounts.models import Letter
from accounts.outbox import COMPOSERS, OPTIONAL, Mail
from accounts.querysets import OwnQuerySet
from accounts.services.delivery import deliver_batch
from accounts.tenancy import acting_as
from licences.models import Licence
from licences.querysets import LicenceQuerySet, TransferQuerySet, VisibilityQuerySet
from renewals.querysets.certificates import CertificateQuerySet
from tests.hats import database_role
from tests.mail_server import mail_server
from tests.tenancy.addresses import ADDRESSES
from tests.tenancy.asking import BOTH, READABLE, address_of, kept_for_a_module, read
from tests.tenancy.canaries import RIGHTS, foreign, places, plant, told, with_readers
from tests.tenancy.happenings import a_day
from tests.tenancy.probes import PEOPLE, undone
from tests.tenancy.world import RAW_TOKEN, make_world

WRITABLE = sorted(name for name, address in ADDRESSES.items() if address.post)
WORDLESS = {"accounts.sign_in"}
PREFIX = f"canary-{os.getpid()}"
OWN_LOGS = ("accounts", "advisors", "config", "interface", "licences", "renewals", "django", "celery")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_for_a_module(django_db_blocker, planted) as world:
        yield world


def planted():
    world = make_world()
    world.planted = plant()
    for membership in world.memberships.values():
        with database_role("coterm_owner"):
            membership.user.refresh_from_db()
    return world


@pytest.fixture(autouse=True)
def box(settings):
    """The cache on its real server, under a prefix that belongs to this process alone."""
    real = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.REDIS_URL}
    settings.CACHES = {"default": real | {"KEY_PREFIX": PREFIX}}
    empty()
    yield
    assert not told(boxed())
    empty()


def kept_in_cache():
    """The server's own keys, and a client to ask it with."""
    client = cache._cache.get_client()
    return client, list(client.scan_iter(match=f"{PREFIX}*", count=1000))


def boxed():
    """Every key and every value, as the server has them."""
    client, keys = kept_in_cache()
    return b" ".join([*keys, *(client.get(key) or b"" for key in keys)]).decode(errors="replace")


def empty():
    client, keys = kept_in_cache()
    if keys:
        client.delete(*keys)


@pytest.fixture(autouse=True)
def log(caplog):
    """Whatever is logged; statements of SQL hold every word there is, and nobody keeps them."""
    caplog.set_level(logging.WARNING, "django.db.backends")
    caplog.set_level(logging.CRITICAL, "mail.log")  # The double of a mail server.
    for name in OWN_LOGS:
        caplog.set_level(logging.DEBUG, name)
    yield caplog
    assert not told(caplog.text)


def home_of(world, person):
    return world.memberships[person].organisation_id if person in world.memberships else None


def wrongly_told(world, ask, name, person, method, question=""):
    url = address_of(name, world)
    known = bearer_knows(world, url)
    answer = read(ask(person, method, url + question))
    return [f"{person}: {each}" for each in foreign(answer, world.planted, home_of(world, person)) if each not in known]


def bearer_knows(world, url):
    """Who holds an invitation's token is told who invites whom."""
    known = {world.larkfield.pk, world.invitation.pk} if RAW_TOKEN in url else set()
    return {str(each) for each in world.planted.values() if each.pk in known}


def test_every_typed_field_has_its_canary(world):
    typed = {f"{model._meta.label}.{each.name}" for model, fields in places() for each in fields}
    found = {canary.place for canary in world.planted.values()}
    assert typed <= found
    assert RIGHTS.keys() <= found | {place.rpartition(".")[0] for place in found}


def test_the_words_are_found_where_they_may_be_read(world, ask):
    names = ("licences:licence", "accounts:team", "renewals:certificate-pdf")
    pages = " ".join(read(ask("alba", "get", address_of(name, world))) for name in names)
    found = {world.planted[word].place for word in told(pages)}
    assert {"licences.Licence.note", "renewals.Certificate.facts", "accounts.User.email"} <= found


@pytest.mark.parametrize("name", READABLE)
def test_no_page_tells_anybody_what_is_anothers(name, world, walls, ask):
    """With both walls up it is asked a question, too: searches read other rows than lists."""
    question = "?q=canary&country=ES&name=mer" if walls == BOTH else ""
    people = (*PEOPLE, "anonymous")
    wrong = [each for person in people for each in wrongly_told(world, ask, name, person, "get", question)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", WRITABLE)
def test_no_answer_to_a_form_tells_it(name, world, ask):
    people = sorted(ADDRESSES[name].post)
    wrong = [each for person in people for each in wrongly_told(world, ask, name, person, "post")]
    assert not wrong, "\n".join(wrong)


def words_of(mail):
    return " ".join([mail.subject, mail.text, mail.html, *mail.headers.values()])


def mail_readers(world, letter):
    """Whose people get this letter; one without an organisation goes to a person."""
    return letter.organisation_id or next(
        (m.organisation_id for m in world.memberships.values() if m.user_id == letter.user_id), None
    )


@pytest.fixture
def day(world, clients):
    """What a day leaves behind, undone afterwards."""
    with undone():
        yield a_day(world, clients)


def wrong_mails(world, mails):
    planted = with_readers(world.planted)
    return [
        f"{letter.kind} to {letter.recipient}: {each}"
        for letter, mail in mails
        for each in foreign(words_of(mail), planted, mail_readers(world, letter))
    ]


def test_no_letter_tells_it(world, day):
    assert {letter.kind for letter, mail in day if told(words_of(mail))} >= set(COMPOSERS) - WORDLESS
    wrong = wrong_mails(world, day)
    assert not wrong, "\n".join(wrong)


def test_only_what_readers_may_do_without_can_be_stopped(day):
    assert not [letter.kind for letter, mail in day if mail and letter.kind not in OPTIONAL and mail.headers]


KEPT = """
    select coalesce(string_agg(details::text, ' '), '') from accounts_auditentry
    union all
    select coalesce(string_agg(context::text, ' '), '') from accounts_letter where kind <> 'accounts.sign_in'"""


def kept():
    """What the audit and the outbox keep of a day, which must be ids alone; a mail of the door is kept as it is."""
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(KEPT)
        return " ".join(row[0] for row in cursor.fetchall())


def test_the_audit_and_the_outbox_keep_ids_alone(world, day):
    assert not told(kept())


def test_no_refusal_of_the_mail_server_brings_an_address_into_the_log(world, day, settings, caplog):
    """Servers repeat the address that they refuse."""
    with mail_server(settings) as server, database_role("coterm_worker"):
        letters = Letter.objects.filter(pk__in=[letter.pk for letter, _ in day])
        server.at_rcpt = {each.recipient: f"550 5.1.1 <{each.recipient}>: nobody here" for each in letters}
        deliver_batch()
        reasons = " ".join(letters.values_list("reason", flat=True))
    assert told(reasons)
    assert "550" in caplog.text
    assert not told(caplog.text)


def log_a_name(patch, world):
    localise = TenancyMiddleware.localise
    logger = logging.getLogger("accounts.middleware")
    patch.setattr(TenancyMiddleware, "localise", lambda *args: logger.debug("%s", args[2].name) or localise(*args))


def cache_a_name(patch, world):
    localise = TenancyMiddleware.localise
    patch.setattr(TenancyMiddleware, "localise", lambda *args: cache.set("last", args[2].email) or localise(*args))


def test_a_name_in_the_log_is_noticed(world, ask, monkeypatch, caplog):
    log_a_name(monkeypatch, world)
    ask("alba", "get", address_of("renewals:home", world))
    assert told(caplog.text)
    caplog.clear()


def test_a_name_in_the_cache_is_noticed(world, ask, monkeypatch):
    cache_a_name(monkeypatch, world)
    ask("alba", "get", address_of("renewals:home", world))
    assert told(boxed())
    empty()


@pytest.mark.parametrize(
    ("name", "rows", "person"),
    [
        ("licences:list", VisibilityQuerySet, "alba"),
        ("licences:licence", LicenceQuerySet, "carmen"),
        ("renewals:portfolio", VisibilityQuerySet, "diego"),
        ("accounts:activity-export", OwnQuerySet, "diego"),
        ("renewals:certificate-pdf", CertificateQuerySet, "diego"),
        ("licences:transfers", TransferQuerySet, "farid"),
    ],
)
def test_a_scope_that_is_forgotten_is_noticed(name, rows, person, world, ask, monkeypatch):
    monkeypatch.setattr(rows, "visible_to", lambda self, actor: self)
    with database_role("coterm_owner"):
        assert wrongly_told(world, ask, name, person, "get")


def test_an_export_without_its_scope_is_noticed(world, ask, monkeypatch):
    monkeypatch.setattr(VisibilityQuerySet, "visible_to", lambda self, actor: self)
    with database_role("coterm_owner"):
        assert wrongly_told(world, ask, "renewals:export", "diego", "post")


def test_a_letter_that_says_too_much_is_noticed(world, day):
    note = Licence.objects.filter(customer=world.larkfield).values_list("note", flat=True)
    with database_role("coterm_owner"):
        text = note.get()
    letter = next(letter for letter, _ in day if letter.organisation_id == world.meridian.pk)
    assert wrong_mails(world, [(letter, Mail("Hello", text))])
    assert not wrong_mails(world, [(letter, Mail("Hello", "Good day"))])


def test_a_name_in_the_audit_is_noticed(world, day):
    alba = world.actors["alba"]
    with acting_as(alba):
        audit.record(alba, "test.planted", organisations=[alba.organisation_id], by=world.memberships["alba"].user.name)
    assert told(kept())
