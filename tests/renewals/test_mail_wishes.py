"""How readers want their mail, and how much of it an address gets in a day."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.rules import Role
from accounts.services.delivery import deliver_batch
from renewals.models import Reminder
from renewals.services.piles import Pile, allotted
from renewals.services.sweep import sweep
from tests.cast import ContactFactory
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server
from tests.renewals.world import MONDAY, larkfield, madrid

pytestmark = pytest.mark.django_db
OWEN, DESK = "owen@larkfield.example", "desk@meridian.example"


@pytest.fixture
def world():
    return larkfield()


@pytest.fixture
def server(settings):
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def owen(world):
    """Reads with a ticket system."""
    user = world.people[Role.RENEWALS_MANAGER].user
    set_wishes(user, single_mails=True)
    return user


def set_wishes(reader, **wishes):
    with database_role("coterm_owner"):
        type(reader).objects.filter(pk=reader.pk).update(**wishes)


def run(moment=None, *, until=lambda: None):
    with database_clock(moment or madrid()), database_role("coterm_worker"):
        sweep()
        until()
        while deliver_batch():
            pass


def as_owner(work):
    with database_role("coterm_owner"):
        return work()


def subjects(server, address):
    return sorted(mail["Subject"] for mail in server.mails(address))


def test_single_mails_are_told_apart_by_their_subject_and_message_id(server, world, owen):
    for product in ("Access Gateway", "Mail Filter"):
        world.coverage(7, product=product)
    run()
    assert subjects(server, OWEN) == [
        "Access Gateway: 1 coverage expires on 30 Nov 2026, in 7 days",
        "Mail Filter: 1 coverage expires on 30 Nov 2026, in 7 days",
    ]
    mails = server.mails(OWEN)
    assert len({mail["Message-ID"] for mail in mails}) == 2
    assert all(mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" for mail in mails)
    assert len(server.mails("alba@larkfield.example")) == 1


def test_a_second_sweep_writes_no_second_single_mail(server, world, owen):
    world.coverage(7)
    with database_clock(madrid()), database_role("coterm_worker"):
        sweep()
    run(madrid(hour=10))
    assert len(server.mails(OWEN)) == 1


def test_calm_single_mails_leave_on_the_day_of_the_digest(server, world, owen):
    world.coverage(27, product="Calm")
    run(madrid(MONDAY + timedelta(1)))
    assert not server.taken
    world.coverage(3, product="Urgent", today=MONDAY + timedelta(1))
    run(madrid(MONDAY + timedelta(2)))
    assert [text.partition(":")[0] for text in subjects(server, OWEN)] == ["Calm", "Urgent"]


def test_a_single_mail_held_back_and_owed_again_is_sent_after_all(server, world, owen):
    coverage = world.coverage(7)

    def expiry(day):
        as_owner(lambda: type(coverage).objects.filter(pk=coverage.pk).update(expires_on=day))

    run(until=lambda: expiry(MONDAY + timedelta(400)))
    assert as_owner(Reminder.objects.filter(recipient_id=owen.pk, state="cancelled").get).reason == "renewed"
    expiry(MONDAY + timedelta(7))
    run(madrid(hour=10))
    assert len(server.mails(OWEN)) == 1


def test_a_desk_without_sign_in_gets_text_in_single_mails(server, world):
    world.bruno = ContactFactory(firm=world.firm.firm, email=DESK, single_mails=True, text_only=True)
    world.share(world.coverage(7, product="One"), world.coverage(7, product="Two"))
    run()
    assert [text.partition(":")[0] for text in subjects(server, DESK)] == [
        "Larkfield Foods, One",
        "Larkfield Foods, Two",
    ]
    assert {mail.get_content_type() for mail in server.mails(DESK)} == {"text/plain"}


def test_a_contact_who_joined_the_firm_later_is_written_to_as_that_person_wants(server, world):
    set_wishes(world.bruno.user, single_mails=True)
    set_wishes(world.bruno, user=None)
    world.share(world.coverage(7), world.coverage(7))
    run()
    assert len(server.mails("bruno@meridian.example")) == 2


def test_a_person_who_wants_text_alone_gets_it_from_the_next_attempt_on(server, world, owen):
    world.coverage(7)
    run(until=lambda: set_wishes(owen, text_only=True))
    assert {mail.get_content_type() for mail in server.mails(OWEN)} == {"text/plain"}
    assert {mail.get_content_type() for mail in server.mails("alba@larkfield.example")} == {"multipart/alternative"}


def test_what_is_more_than_an_address_gets_in_a_day_waits_for_its_next_morning(server, world, settings):
    settings.MAIL_DAILY_CAP = 1
    world.coverage(7, product="First")
    run()
    world.coverage(3, product="Second")
    run(madrid(hour=11))
    assert len(server.mails(OWEN)) == 1
    waiting = Reminder.objects.filter(state="pending", letter=None).values_list("reason", "leaves_at")
    assert as_owner(lambda: {*waiting}) == {("capped", madrid(MONDAY + timedelta(1), hour=8))}
    run(madrid(MONDAY + timedelta(1)))
    assert len(server.mails(OWEN)) == 2
    assert not as_owner(lambda: Reminder.objects.filter(reason="capped").exists())


def test_mails_that_wait_for_a_server_count_into_the_day_on_which_they_leave(server, world, settings):
    settings.MAIL_DAILY_CAP = 1
    server.at_rcpt[OWEN] = "451 later"
    world.coverage(7)
    run(madrid(hour=19))
    server.at_rcpt.clear()
    world.coverage(3, product="Second")
    run(madrid(MONDAY + timedelta(1), hour=8))
    assert len(server.mails(OWEN)) == 1


def test_of_single_mails_beyond_the_cap_the_least_urgent_go_in_one(server, world, owen, settings):
    settings.MAIL_DAILY_CAP = 2
    for days in (1, 3, 5):
        world.coverage(days, product=f"At {days}")
    run()
    assert subjects(server, OWEN) == [
        "1 coverage expires on 26 Nov 2026, in 3 days, and 1 more",
        "At 1: 1 coverage expires tomorrow, 24 Nov 2026",
    ]


def test_two_readers_who_share_an_address_share_its_allowance():
    pile = Pile(uuid4(), None, True, MONDAY, [], [], "Desk@meridian.example", "en", "UTC", None, False, spent=3)
    other = replace(pile, recipient=uuid4(), email="desk@meridian.example")
    assert allotted([pile, other], cap=4) == ([pile], [other])
    assert allotted([pile, other], cap=5) == ([pile, other], [])
