"""Digests that are written ahead: the same as their composer's, and none that has ceased to be true leaves."""

from datetime import timedelta

import pytest
from django.core import signing

from accounts.keys import new_id
from accounts.models import Letter, Organisation, Suppression
from accounts.outbox import COMPOSERS
from accounts.rules import Role
from accounts.services import delivery
from accounts.services.claims import claim
from accounts.services.delivery import deliver_batch
from accounts.services.drafts import drafted, keep_draft
from advisors.models import Contact
from licences.models import Coverage
from renewals.services.mutes import Way, mute
from renewals.services.piles import KIND
from renewals.services.sweep import sweep
from tests.cast import OrganisationFactory
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server
from tests.renewals.test_digests import STAFF, as_worker, change, keep_three, plain, run
from tests.renewals.world import MONDAY, World, larkfield, madrid

pytestmark = pytest.mark.django_db
OWEN = "owen@larkfield.example"


@pytest.fixture
def world():
    return larkfield()


@pytest.fixture
def server(settings):
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def meanwhile(monkeypatch):
    """What happens between the writing of a claim's mails and the turn of the first."""

    def plant(event):
        def then(letters):
            drafts = drafted(letters)
            assert drafts.keys() == {letter.pk for letter in letters}
            with database_role("coterm_owner"):
                event()
            return drafts

        monkeypatch.setattr(delivery, "drafted", then)

    return plant


@pytest.fixture
def no_composer(monkeypatch):
    def refuse(letter):
        raise AssertionError("composed")

    monkeypatch.setitem(COMPOSERS, KIND, refuse)


def test_what_has_not_changed_is_not_composed_again(server, world, no_composer):
    world.share(world.coverage(7), world.coverage(30))
    run()
    assert server.addresses() == [*STAFF[:2], "bruno@meridian.example", STAFF[2]]


def test_a_mail_written_ahead_is_the_one_that_its_composer_writes(world, monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: 1_800_000_000)
    world.person(Role.OWNER, "nuria@larkfield.example", name="Nuria Gil", language="es")
    world.share(*(world.coverage(days, product=f"At {days}") for days in (30, 7, 1, -7)))
    other = World(OrganisationFactory(name="Tidewater Legal", time_zone="Europe/Madrid"), world.firm, world.bruno)
    other.share(other.coverage(14))
    with database_clock(madrid()), database_role("coterm_worker"):
        sweep()
        letters = claim(new_id())
        drafts = drafted(letters)
        assert len(drafts) == len(letters) == 5
        assert all(drafts[letter.pk].mail == COMPOSERS[KIND](letter) for letter in letters)


def test_what_is_renewed_meanwhile_leaves_the_mail(server, world, meanwhile):
    renewed, _ = world.coverage(7, product="Renewed"), world.coverage(7, product="Open")
    meanwhile(lambda: Coverage.objects.filter(pk=renewed.pk).update(expires_on=MONDAY + timedelta(400)))
    run()
    assert len(server.mails()) == 3
    assert all("Renewed" not in plain(mail) and "Open" in plain(mail) for mail in server.mails())


def test_a_contact_that_is_revoked_meanwhile_gets_nothing_and_is_named_no_more(server, world, meanwhile):
    assignment = world.share(world.coverage(7))
    meanwhile(lambda: change(type(assignment), assignment, status="revoked"))
    run()
    assert server.addresses() == STAFF
    assert all("Bruno" not in plain(mail) for mail in server.mails())


def test_whoever_stops_them_meanwhile_or_cannot_be_reached_gets_nothing(server, world, meanwhile):
    world.coverage(7)
    owner, owen = (world.people[role].user for role in (Role.OWNER, Role.RENEWALS_MANAGER))

    def event():
        mute(Way(owen.pk))
        Suppression.objects.create(address=owner.email, why="bounce", created_at=madrid())

    meanwhile(event)
    run()
    assert server.addresses() == ["ana@larkfield.example"]


def test_what_the_mail_shows_is_what_it_is_by_then(server, world, meanwhile):
    coverage = world.coverage(30)
    world.share(coverage)

    def event():
        keep_three(world, coverage)
        Contact.objects.filter(pk=world.bruno.pk).update(phone="+34 911 000 111")
        Organisation.objects.filter(pk=world.customer.pk).update(name="Larkfield Group")

    meanwhile(event)
    run()
    (mail,) = server.mails(OWEN)
    assert "+34 911 000 111" in plain(mail) and "Larkfield Group" in plain(mail)
    assert any(line.endswith(", 3") for line in plain(mail).splitlines())


def test_whoever_has_lost_the_lease_keeps_and_sends_nothing(world):
    world.coverage(7)
    with database_clock(madrid()), database_role("coterm_worker"):
        sweep()
        sender = new_id()
        letter = claim(sender)[0]
        drafts = drafted([letter])
        assert keep_draft(letter, drafts[letter.pk], sender=new_id()) is None
        assert Letter.objects.get(pk=letter.pk).frozen is None
        assert keep_draft(letter, drafts[letter.pk], sender=sender)


def test_one_that_cannot_be_written_hurts_no_other(server, world):
    world.coverage(7)
    as_worker(sweep)
    with database_role("coterm_worker"):
        Letter.objects.filter(recipient=OWEN).update(context={"recipient": "nobody"})
    as_worker(deliver_batch)
    assert server.addresses() == STAFF[:2]
    with database_role("coterm_worker"):
        assert Letter.objects.get(recipient=OWEN).state == "dead"


def test_bytes_that_are_frozen_are_not_written_ahead(server, world):
    world.coverage(7)
    server.at_rcpt[OWEN] = "451 later"
    run()
    with database_clock(madrid(hour=19)), database_role("coterm_worker"):
        letters = claim(new_id())
        assert [letter.recipient for letter in letters] == [OWEN]
        assert drafted(letters) == {}
