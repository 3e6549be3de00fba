"""The page that says what was sent to whom, when and why; and the reader's way out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from accounts.rules import Role
from accounts.services.delivery import deliver_batch
from renewals.models import Mute, Reminder
from renewals.services.mutes import Way, mute
from renewals.services.sweep import sweep
from tests.cast import MembershipFactory, OrganisationFactory, UserFactory
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server
from tests.renewals.world import World, larkfield, madrid

pytestmark = pytest.mark.django_db
PAGE = "/reminders/"


@pytest.fixture
def world():
    return larkfield()


def sent(settings, moment=None):
    with mail_server(settings), database_clock(moment or madrid()), database_role("coterm_worker"):
        sweep()
        deliver_batch()


def seen_by(client, user, query=""):
    sign_in(client, user)
    return client.get(PAGE + query)


def sign_in(client, user):
    with database_role("coterm_owner"):
        client.force_login(user)


def alba(world):
    return world.people[Role.OWNER].user


def test_a_customer_sees_who_was_told_what_and_why(client, settings, world):
    world.share(world.coverage(7, product="Access Gateway 5500"))
    sent(settings)
    text = seen_by(client, alba(world)).content.decode()
    for word in ("Access Gateway 5500", "7 days before expiry", "Alba Ruiz", "as owner", "Bruno Vidal", "Sent"):
        assert word in text
    assert "Superseded" not in text


def test_a_firm_sees_its_own_people_alone(client, settings, world):
    world.share(world.coverage(7))
    sent(settings)
    text = seen_by(client, world.bruno.user).content.decode()
    assert "Bruno Vidal" in text
    assert "Larkfield Foods" in text
    assert "Alba Ruiz" not in text


def test_a_stranger_sees_nothing(client, settings, world):
    world.coverage(7)
    sent(settings)
    carmen = MembershipFactory(user=UserFactory(email="carmen@tidewater.example")).user
    assert "Nothing here" in seen_by(client, carmen).content.decode()


@pytest.mark.parametrize(("state", "count"), [("", 5), ("sent", 3), ("waiting", 2), ("dead", 0), ("dropped", 16)])
def test_states_filter(client, settings, world, state, count):
    world.coverage(7)
    sent(settings, madrid(hour=9))
    world.coverage(60)
    sent(settings, madrid(hour=10))
    assert len(seen_by(client, alba(world), f"?state={state}").context["entries"]) == count


def test_what_waits_says_when_it_leaves(client, settings, world):
    world.coverage(7)
    with database_clock(madrid(hour=6)), database_role("coterm_worker"):
        sweep()
    assert "leaves on 23\xa0Nov\xa02026, 08:00" in seen_by(client, alba(world)).content.decode()


def test_what_may_have_been_sent_twice_says_so(client, settings, world):
    world.coverage(7)
    sent(settings)
    with database_role("coterm_worker"):
        Letter.objects.update(ambiguous=True)
    assert "May have been sent twice" in seen_by(client, alba(world)).content.decode()


def test_a_refused_address_is_shown_with_the_reason(client, settings, world):
    world.coverage(7)
    sent(settings)
    with database_role("coterm_worker"):
        Letter.objects.update(state="dead", reason="550 5.1.1 no such person")
        Reminder.objects.filter(state="sent").update(state="pending")
    assert "550 5.1.1 no such person" in seen_by(client, alba(world), "?state=dead").content.decode()


def test_a_mail_about_several_customers_is_hidden_but_not_that_it_was_sent(client, settings, world):
    world.share(world.coverage(7))
    other = World(OrganisationFactory(time_zone="Europe/Madrid"), world.firm, world.bruno)
    other.share(other.coverage(7))
    sent(settings)
    sent(settings, madrid(hour=10))
    (entry,) = [e for e in seen_by(client, alba(world)).context["entries"] if e.reader == "Bruno Vidal"]
    assert (entry.state, entry.address) == ("sent", "")


def test_a_dead_letter_that_is_tried_again_ends_as_sent(client, settings, world):
    world.coverage(7)
    with mail_server(settings) as server, database_clock(madrid()), database_role("coterm_worker"):
        server.at_rcpt["alba@larkfield.example"] = "550 5.1.1 no such person"
        sweep(), deliver_batch(), sweep()
        assert Reminder.objects.filter(state="dead").count() == 1
        server.at_rcpt.clear()
        Letter.objects.filter(state="dead").update(state="pending")
        sweep(), deliver_batch(), sweep()
    assert {entry.state for entry in seen_by(client, alba(world)).context["entries"]} == {"sent"}


def test_pages_go_on_where_the_last_one_ended(client, settings, world):
    for _ in range(20):
        world.coverage(7)
    sent(settings)
    first = seen_by(client, alba(world)).context["page"]
    second = client.get(PAGE, {"after": first.next_cursor}).context["page"]
    assert (len(first), len(second)) == (50, 10)


def test_the_number_of_queries_is_fixed(client, settings, world):
    world.share(world.coverage(7))
    sent(settings)
    sign_in(client, alba(world))
    client.get(PAGE)
    few = count_queries(client)
    for _ in range(10):
        world.coverage(7)
    sent(settings, madrid(hour=11))
    assert count_queries(client) == few


def count_queries(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    return len(queries)


def test_following_the_link_stops_nothing(client, world):
    way = Way(alba(world).pk, world.customer.pk, "Larkfield Foods")
    page = client.get(way.path())
    assert "Stop reminders of Larkfield Foods?" in page.content.decode()
    with database_role("coterm_worker"):
        assert not Mute.objects.exists()


def test_one_click_of_the_mail_program_stops_and_can_be_undone(client, world):
    way = Way(alba(world).pk, world.customer.pk, "Larkfield Foods")
    answer = Client(enforce_csrf_checks=True).post(way.path(), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with database_role("coterm_worker"):
        assert Mute.objects.get().recipient_id == alba(world).pk
    client.post(way.path(), {"undo": "yes"})
    with database_role("coterm_worker"):
        assert not Mute.objects.exists()


def test_a_forged_link_is_not_found(client, world):
    assert client.get(Way(alba(world).pk).path()[:-3] + "xx/").status_code == 404


def test_ones_own_mutes_are_shown_with_the_way_back(client, world):
    mute(Way(alba(world).pk, world.customer.pk, "Larkfield Foods"))
    assert "You get no reminders of Larkfield Foods." in seen_by(client, alba(world)).content.decode()
    owen = world.people[Role.RENEWALS_MANAGER].user
    assert "You get no reminders" not in seen_by(client, owen).content.decode()


def test_a_contacts_mutes_are_its_users_too(client, world):
    mute(Way(world.bruno.pk))
    assert "You get no reminders at all." in seen_by(client, world.bruno.user).content.decode()


def test_pages_warn_when_no_sweep_has_run_for_five_minutes(client, settings, world):
    sent(settings, timezone.now())
    assert "Reminders and other mail are late" not in seen_by(client, alba(world)).content.decode()
    with database_clock(timezone.now() + timedelta(minutes=6)):
        assert "Reminders and other mail are late" in seen_by(client, alba(world)).content.decode()


def test_the_page_is_at_its_address():
    assert reverse("renewals:reminders") == PAGE
