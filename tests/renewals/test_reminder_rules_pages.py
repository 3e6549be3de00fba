"""The calendar of what will be sent, and the editor of the rules with its preview."""

from datetime import timedelta

import pytest

from accounts.models import Membership
from accounts.rules import Role
from accounts.tenancy import acting_as
from renewals.models import ReminderRule, ReminderWindow
from renewals.rules.reminders import Schedule
from renewals.services.calendar import planned
from renewals.services.mutes import Way, mute
from renewals.services.rules import effect, place_of, set_rule
from renewals.services.sweep import sweep
from tests.cast import actor, today
from tests.hats import database_role
from tests.renewals.world import larkfield

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    found = larkfield()
    with database_role("coterm_worker"):
        sweep()
    return found


@pytest.fixture
def alba(world):
    return actor(world.people[Role.OWNER])


def ahead(who):
    with acting_as(who):
        return planned(who, first=today() + timedelta(1), last=today() + timedelta(90))


def sign_in(client, user):
    with database_role("coterm_owner"):
        client.force_login(user)


def test_the_calendar_names_windows_days_and_readers(world, alba):
    shared = world.coverage(65, today=today())
    world.share(shared)
    found = {each.window: each for each in ahead(alba)}
    assert set(found) == {-60, -30, -14, -7, -1, 0, 7}
    assert found[-60].due_on == today() + timedelta(5)
    assert (world.bruno.pk, "lead") in found[-60].readers
    assert (found[-60].reminders, found[-30].reminders) == (3, 4)


def test_a_firm_sees_its_own_people_alone(world):
    shared, _ = world.coverage(65, today=today()), world.coverage(66, today=today())
    world.share(shared)
    with database_role("coterm_owner"):
        bruno = actor(Membership.objects.get(user=world.bruno.user_id))
    assert {each.coverages for each in ahead(bruno)} == {1}
    assert {reader for each in ahead(bruno) for reader, _ in each.readers} == {world.bruno.pk}


def test_what_is_planned_is_what_the_sweep_then_writes(world, alba):
    world.coverage(61, today=today())
    (tomorrow,) = [each for each in ahead(alba) if each.due_on == today() + timedelta(1)]
    with database_role("coterm_worker"):
        assert sweep(today=today() + timedelta(1)).reminders == tomorrow.reminders


def test_a_rule_is_tried_before_it_is_kept(world, alba):
    world.coverage(65, today=today())
    with acting_as(alba):
        before, after = effect(alba, place_of(alba, "sa"), Schedule(days=(-20,)), today=today())
        assert (before[-60], after) == (2, {-20: 3})
        assert not ReminderRule.objects.filter(customer=world.customer).exists()


def test_a_rule_that_is_kept_moves_the_calendar(world, alba):
    world.coverage(65, today=today())
    with acting_as(alba):
        set_rule(alba, place_of(alba, "sa"), Schedule(days=(-20,), warnings=()), today=today())
    assert [each.window for each in ahead(alba)] == [-20]


def test_the_editor_shows_the_effect_and_then_keeps_it(client, world):
    world.coverage(65, today=today())
    sign_in(client, world.people[Role.OWNER].user)
    typed = {"before": "20, 5", "after": "0", "warnings": "", "notice": ""}
    assert "Reminders of the next 90 days" in client.post("/reminders/rules/sa/", typed).content.decode()
    assert client.post("/reminders/rules/sa/", typed | {"confirm": "1"}).status_code == 303
    with database_role("coterm_worker"):
        assert ReminderRule.objects.get(customer=world.customer).days == [-20, -5, 0]
    client.post("/reminders/rules/sa/", {"drop": "1"})
    with database_role("coterm_worker"):
        assert not ReminderWindow.objects.filter(customer=world.customer).exists()


@pytest.mark.parametrize("typed", ["ninety", "401", ",".join(str(day) for day in range(1, 20))])
def test_what_is_no_list_of_days_is_refused(client, world, typed):
    sign_in(client, world.people[Role.OWNER].user)
    assert client.post("/reminders/rules/sa/", {"before": typed}).status_code == 422


def test_a_coverage_has_days_of_its_own(client, world):
    coverage = world.coverage(65, today=today())
    sign_in(client, world.people[Role.OWNER].user)
    typed = {"before": "10", "after": "", "warnings": "", "notice": "30", "confirm": "1"}
    assert client.post(f"/reminders/coverages/{coverage.pk}/rule/", typed).status_code == 303
    assert "30" in client.get("/reminders/rules/").content.decode()


@pytest.mark.parametrize("path", ["/reminders/calendar/", "/reminders/calendar/?from=30", "/reminders/rules/"])
def test_the_pages_open(client, world, path):
    world.coverage(65, today=today())
    sign_in(client, world.people[Role.OWNER].user)
    assert client.get(path).status_code == 200


def test_an_approver_sets_no_rules(client, world):
    sign_in(client, world.people[Role.APPROVER].user)
    assert client.get("/reminders/rules/").status_code in (403, 404)


def test_the_home_says_when_nobody_is_left_to_be_told(client, world):
    world.coverage(20, today=today())
    vera = world.people[Role.VIEWER].user
    sign_in(client, vera)
    assert client.get("/").context["unheard"] == 0
    with database_role("coterm_owner"):
        Membership.objects.filter(organisation=world.customer).exclude(user=vera).delete()
    assert "Nobody is reminded of 1" in client.get("/").content.decode()


def test_whoever_has_stopped_reminders_is_no_living_reader(client, world):
    world.coverage(20, today=today())
    alba = world.people[Role.OWNER].user
    with database_role("coterm_owner"):
        Membership.objects.filter(organisation=world.customer).exclude(user=alba).delete()
    mute(Way(alba.pk, world.customer.pk, "Larkfield"))
    sign_in(client, alba)
    assert client.get("/").context["unheard"] == 1
