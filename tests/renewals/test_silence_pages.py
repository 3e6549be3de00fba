"""Saying "I know" and snoozing: from the pages and from the mail."""

from datetime import timedelta

import pytest

from accounts.rules import Role
from renewals.models import Mute, Silence
from renewals.services.mutes import Way
from renewals.services.silences import Knowing
from tests.cast import today
from tests.hats import database_role
from tests.renewals.world import larkfield

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return larkfield()


def sign_in(client, user):
    with database_role("coterm_owner"):
        client.force_login(user)


def silences():
    with database_role("coterm_worker"):
        return sorted(Silence.objects.values_list("why", "reason"))


@pytest.fixture
def coverage(world):
    found = world.coverage(60, today=today())
    world.share(found)
    return found


def at(coverage, verb=""):
    return f"/reminders/coverages/{coverage.pk}/{verb}"


def test_a_click_in_the_mail_asks_first_and_can_be_undone(client, world, coverage):
    alba = world.people[Role.OWNER].user_id
    link = Knowing(alba, world.customer.pk, world.customer.pk, coverage.pk, coverage.expires_on, "Gateway").path()
    assert "You know about Gateway?" in client.get(link).content.decode()
    assert silences() == []
    client.post(link), client.post(link)
    assert silences() == [("known", "")]
    client.post(link, {"undo": "yes"})
    assert silences() == []


@pytest.mark.parametrize("who", ["alba", "bruno"])
def test_whoever_sees_it_may_know_and_snooze(client, world, coverage, who):
    sign_in(client, world.people[Role.OWNER].user if who == "alba" else world.bruno.user)
    assert client.get(at(coverage)).status_code == 200
    client.post(at(coverage, "know/"))
    until = today() + timedelta(9)
    client.post(at(coverage, "snooze/"), {"until_on": until.isoformat(), "reason": "Budget round", "everybody": "own"})
    assert silences() == [("known", ""), ("snoozed", "Budget round")]
    assert "Budget round" in client.get(at(coverage)).content.decode()


@pytest.mark.parametrize("days", [-1, 401])
def test_a_snooze_neither_ends_before_today_nor_lasts_for_ever(client, world, coverage, days):
    sign_in(client, world.people[Role.OWNER].user)
    day = (today() + timedelta(days)).isoformat()
    answer = client.post(at(coverage, "snooze/"), {"until_on": day, "reason": "Later", "everybody": "own"})
    assert (answer.status_code, silences()) == (422, [])


def test_the_page_leads_to_the_decision_not_to_renew(client, world, coverage):
    sign_in(client, world.people[Role.OWNER].user)
    assert f"/licences/coverages/{coverage.pk}/not-renewing/" in client.get(at(coverage)).content.decode()
    sign_in(client, world.people[Role.VIEWER].user)
    assert "not-renewing" not in client.get(at(coverage)).content.decode()


def test_a_silence_is_ended_by_whoever_may(client, world, coverage):
    sign_in(client, world.people[Role.OWNER].user)
    until = (today() + timedelta(9)).isoformat()
    client.post(at(coverage, "snooze/"), {"until_on": until, "reason": "x", "everybody": "everybody"})
    with database_role("coterm_worker"):
        row = Silence.objects.get()
    client.post(f"/reminders/silences/{row.pk}/end/")
    assert silences() == []


def test_a_viewer_snoozes_for_nobody_else(client, world, coverage):
    sign_in(client, world.people[Role.VIEWER].user)
    until = (today() + timedelta(9)).isoformat()
    client.post(at(coverage, "snooze/"), {"until_on": until, "reason": "x", "everybody": "everybody"})
    with database_role("coterm_worker"):
        assert Silence.objects.filter(organisation=None).count() == 0


@pytest.mark.parametrize("sort", ["", "ahead", "boundary"])
def test_one_coverage_or_one_sort_is_stopped_and_comes_again(client, world, coverage, sort):
    way = Way(world.people[Role.OWNER].user_id, world.customer.pk, "Larkfield", coverage.pk, "Gateway")
    assert "Stop reminders of Gateway?" in client.get(way.path()).content.decode()
    client.post(way.path(), {"sort": sort})
    with database_role("coterm_worker"):
        assert Mute.objects.values_list("coverage", "sort").get() == (coverage.pk, sort)
    client.post(way.path(), {"sort": sort, "undo": "yes"})
    with database_role("coterm_worker"):
        assert not Mute.objects.exists()
