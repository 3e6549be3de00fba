"""What silences a reminder, for whom, and how it speaks again; and the windows that customers set themselves."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection

from accounts.rules import Role
from renewals.models import Mute, Reminder, ReminderRule, ReminderWindow, RenewalPolicy, Silence
from renewals.services.due import sweep_sql
from renewals.services.sweep import begin, sweep
from renewals.services.windows import write_windows
from tests.crowd import plant_owners
from tests.hats import database_clock, database_role
from tests.renewals.world import MONDAY, larkfield, madrid

pytestmark = pytest.mark.django_db
WHICH = ("turned", "todays", "befores", "opening", "zones", "urgent", "calm")


@pytest.fixture
def world():
    return larkfield()


def swept(day=MONDAY, hour=9):
    with database_clock(madrid(day, hour=hour)), database_role("coterm_worker"):
        return sweep().reminders


def silence(coverage, why, **fields):
    with database_role("coterm_owner"):
        return Silence.objects.create(
            customer=coverage.customer, coverage=coverage, expires_on=coverage.expires_on, why=why,
            created_at=madrid(), **fields,
        )  # fmt: skip


def states():
    with database_role("coterm_worker"):
        rows = Reminder.objects.exclude(state="superseded").order_by("id")
        return sorted(rows.values_list("window", "state", "reason"))


def end(row):
    with database_role("coterm_owner"):
        row.delete()


def test_nobody_is_told_of_what_is_silent_for_everybody(world):
    silence(world.coverage(30), "snoozed", until_on=MONDAY)
    assert swept() == 0


def test_a_snooze_of_the_customers_people_leaves_the_advisor_told(world):
    coverage = world.coverage(30)
    world.share(coverage)
    silence(coverage, "snoozed", organisation=world.customer, until_on=MONDAY)
    assert swept() == 1


def test_whoever_knows_hears_nothing_until_a_week_before(world):
    coverage = world.coverage(30)
    silence(coverage, "known", recipient_id=world.people[Role.OWNER].user_id)
    assert swept() == 2
    assert swept(MONDAY + timedelta(23)) == 3


def test_a_snooze_that_ends_leaves_the_newest_due_owed(world):
    silence(world.coverage(30), "snoozed", until_on=MONDAY + timedelta(2))
    assert swept() == 0
    assert swept(MONDAY + timedelta(2)) == 0
    assert swept(MONDAY + timedelta(3)) == 3


def test_what_waits_is_held_back_and_resumes_when_its_reason_ends(world):
    coverage = world.coverage(7)
    swept(hour=6)
    row = silence(coverage, "snoozed", until_on=MONDAY)
    swept(hour=7)
    assert states() == [(-7, "cancelled", "snoozed")] * 3
    end(row)
    assert swept(hour=8) == 3
    assert {state for _, state, _ in states()} == {"pending"}


def test_what_is_no_longer_the_newest_due_stays_held_back(world):
    coverage = world.coverage(8)
    swept(hour=6)
    row = silence(coverage, "snoozed", until_on=MONDAY)
    swept(hour=7)
    end(row)
    swept(MONDAY + timedelta(1))
    assert {(window, state) for window, state, _ in states()} == {(-14, "cancelled"), (-7, "pending")}


def test_what_a_person_has_cancelled_never_resumes(world):
    world.coverage(7)
    swept(hour=6)
    with database_role("coterm_worker"):
        Reminder.objects.update(state="cancelled", reason="by hand")
    silence(world.coverage(300), "snoozed", until_on=MONDAY)
    assert swept(hour=7) == 0


@pytest.mark.parametrize(("days", "sort", "told"), [(30, "ahead", 2), (30, "lapsed", 3), (-8, "lapsed", 2)])
def test_a_reader_may_stop_one_sort(world, days, sort, told):
    world.coverage(days)
    with database_role("coterm_owner"):
        Mute.objects.create(recipient_id=world.people[Role.OWNER].user_id, sort=sort, created_at=madrid())
    assert swept() == told


def test_a_reader_may_stop_one_coverage(world):
    stopped, _ = world.coverage(30), world.coverage(30)
    with database_role("coterm_owner"):
        own = {"customer": world.customer, "coverage": stopped, "created_at": madrid()}
        Mute.objects.create(recipient_id=world.people[Role.OWNER].user_id, **own)
    assert swept() == 5


def rule(customer, days, *, coverage=None, **fields):
    with database_role("coterm_owner"):
        made = ReminderRule.objects.create(
            customer=customer, coverage=coverage, programme="sa", days=days, changed_at=madrid(), **fields
        )
        write_windows([made], boundary=365)
        return made


@pytest.mark.parametrize(("days", "told"), [(51, 0), (50, 2), (30, 2), (4, 3)])
def test_a_customers_own_windows_count_instead(world, days, told):
    rule(world.customer, [-50, -4])
    world.coverage(days)
    assert swept() == told


def test_a_coverages_own_windows_beat_its_customers(world):
    special, _ = world.coverage(40), world.coverage(40)
    rule(world.customer, [-30])
    rule(world.customer, [-45], coverage=special)
    assert swept() == 2


def test_a_notice_deadline_is_counted_to(world):
    rule(world.customer, [-30, -1, 0], notice=90)
    world.coverage(120)
    swept()
    assert {window for window, *_ in states()} == {-1030}


def test_a_policys_boundary_moves_the_last_warnings(world):
    coverage = world.coverage(-171)
    assert swept() == 0
    with database_role("coterm_owner"):
        RenewalPolicy.objects.create(programme=coverage.programme, valid_from=MONDAY, boundary=200)
    swept(MONDAY + timedelta(1))
    assert {window for window, *_ in states()} == {1970}


def test_windows_are_made_once(world):
    swept()
    with database_role("coterm_worker"):
        before = set(ReminderWindow.objects.values_list("pk", flat=True))
    swept(MONDAY + timedelta(1))
    with database_role("coterm_worker"):
        assert set(ReminderWindow.objects.values_list("pk", flat=True)) == before


def test_a_day_that_turns_is_swept_by_the_index_on_the_expiry(world):
    with database_role("coterm_owner"):
        for days in range(60, 560, 10):
            plant_owners(60, expires_on=MONDAY + timedelta(days))
    swept()
    with database_clock(madrid()), database_role("coterm_worker"), connection.cursor() as cursor:
        cursor.execute("set local random_page_cost = 1.1")
        begin()  # from here on kept plans are for any values
        for scope, superseded in product(("turned", "ruled"), (False, True)):
            plan = kept_plan(cursor, sweep_sql(scope, superseded=superseded))
            assert "expires_on = ANY ($4)" in plan
            assert "visibility_sweep" in plan
            assert "Seq Scan on licences_visibility" not in plan
            assert "Seq Scan on licences_coverage" not in plan


def kept_plan(cursor, statement):
    numbers = {name: f"${n}" for n, name in enumerate(WHICH, 1)}
    cursor.execute(f"prepare turning as {statement % numbers}")
    cursor.execute(f"explain execute turning ({', '.join(['null'] * len(WHICH))})")
    plan = "\n".join(line for (line,) in cursor.fetchall())
    cursor.execute("deallocate turning")
    return plan
