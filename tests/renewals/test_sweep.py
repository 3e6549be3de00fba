"""The sweep writes what is due into the ledger, once, and posts digests at the reader's hour."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Letter
from accounts.rules import Role
from licences.models import Assignment, Coverage, Lead
from renewals.models import Reminder, Touched
from renewals.services.sweep import Swept, sweep
from renewals.services.zones import turned_zones, zones
from tests.cast import AssignmentFactory, ContactFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.hats import database_clock, database_role
from tests.renewals.world import MONDAY, larkfield, madrid

pytestmark = pytest.mark.django_db
OWNERS = {"alba@larkfield.example", "owen@larkfield.example"}


@pytest.fixture
def world():
    return larkfield()


def swept(moment=None, **options) -> Swept:
    with database_clock(moment or madrid()), database_role("coterm_worker"):
        return sweep(**options)


def rows(state="pending"):
    with database_role("coterm_worker"):
        return sorted(Reminder.objects.filter(state=state).values_list("window", flat=True))


def letters():
    with database_role("coterm_worker"):
        return {letter.recipient for letter in Letter.objects.all()}


def waiting():
    with database_role("coterm_worker"):
        return list(Reminder.objects.filter(state="pending", letter=None).order_by("leaves_at"))


def test_a_second_sweep_adds_nothing(world):
    world.coverage(30)
    assert swept().reminders == 3
    assert swept() == Swept(0, 0)


def test_only_the_newest_window_is_sent_and_older_ones_are_superseded(world):
    world.coverage(20)
    swept()
    assert rows() == [-30, -30, -30]
    assert sorted(set(rows("superseded"))) == [-120, -90, -60]


@pytest.mark.parametrize(
    ("days", "new"), [(130, 0), (120, 2), (30, 3), (0, 3), (-30, 3), (-70, 0), (-340, 2), (-400, 0)]
)
def test_owners_hear_always_approvers_near_the_expiry_viewers_never(world, days, new):
    world.coverage(days)
    assert swept().reminders == new


def test_a_coverage_without_a_date_reminds_nobody(world):
    with database_role("coterm_owner"):
        Coverage.objects.filter(pk=world.coverage(30).pk).update(expires_on=None)
    assert swept() == Swept(0, 0)


def test_the_day_is_the_customers(world):
    with database_role("coterm_owner"):
        type(world.customer).objects.filter(pk=world.customer.pk).update(time_zone="Pacific/Honolulu")
    world.coverage(120)
    assert swept(madrid(hour=9)).reminders == 0
    assert swept(madrid(hour=12)).reminders == 2


def test_a_contact_hears_of_what_is_shared_and_of_nothing_else(world):
    shared, _ = world.coverage(30), world.coverage(30)
    world.share(shared)
    swept()
    with database_role("coterm_worker"):
        (row,) = Reminder.objects.filter(organisation=world.firm, state="pending")
    assert (row.coverage_id, row.recipient_id, row.why) == (shared.pk, world.bruno.pk, "lead")


def test_once_the_contact_has_left_the_firms_owners_hear(world):
    world.share(world.coverage(30))
    with database_role("coterm_owner"):
        type(world.bruno).objects.filter(pk=world.bruno.pk).update(left_on=MONDAY)
    swept()
    with database_role("coterm_worker"):
        (row,) = Reminder.objects.filter(organisation=world.firm, state="pending")
    assert row.recipient_id == world.bruno.user_id


def test_ended_access_reminds_no_more(world):
    assignment = world.share()
    world.coverage(30)
    with database_clock(madrid()), database_role("coterm_owner"):
        type(assignment).objects.filter(pk=assignment.pk).update(status="suspended")
    assert swept().reminders == 3


def test_days_that_were_missed_are_caught_up_with_the_tightest_window(world):
    swept(madrid(MONDAY - timedelta(40)))
    world.coverage(7)
    swept(madrid(MONDAY - timedelta(39)))
    assert rows() == [-60, -60]
    swept(madrid())
    assert rows() == [-7, -7, -7]
    assert set(rows("superseded")) == {-120, -90, -60, -30, -14}


def test_a_new_day_brings_only_the_windows_that_it_opens(world):
    world.coverage(31)
    world.coverage(25)
    swept(madrid(hour=23))
    assert rows() == [-60, -60, -30, -30, -30]
    assert swept(madrid(MONDAY + timedelta(1), hour=0, minute=1)).reminders == 3


def test_a_renewal_opens_a_new_series(world):
    coverage = world.coverage(7)
    swept()
    with database_role("coterm_owner"):
        Coverage.objects.filter(pk=coverage.pk).update(expires_on=MONDAY + timedelta(60))
    assert swept().reminders == 2


def test_a_new_colleague_is_told_what_is_due(world):
    world.coverage(30)
    swept()
    user = UserFactory(email="nora@larkfield.example")
    MembershipFactory(organisation=world.customer, user=user, role=Role.OWNER.value)
    assert swept().reminders == 1


def test_a_new_contact_is_told_what_is_due(world):
    assignment = world.share(world.coverage(30))
    swept()
    lucia = ContactFactory(firm=world.bruno.firm, email="lucia@meridian.example")
    with database_role("coterm_owner"):
        type(assignment).objects.filter(pk=assignment.pk).update(contact=lucia)
    assert swept().reminders == 1


def test_one_digest_a_reader_goes_at_eight_in_the_morning(world):
    world.coverage(7)
    world.coverage(1)
    assert swept(madrid(hour=7)) == Swept(6, 0)
    assert swept(madrid(hour=8)) == Swept(0, 3)
    assert letters() == OWNERS | {"ana@larkfield.example"}


def test_calm_windows_collect_for_monday(world):
    tuesday = MONDAY + timedelta(1)
    world.coverage(60, today=tuesday)
    assert swept(madrid(tuesday)) == Swept(2, 0)
    assert waiting()[0].leaves_at == madrid(MONDAY + timedelta(7), hour=8)


def test_calm_windows_go_along_with_a_digest_that_leaves_sooner(world):
    tuesday = MONDAY + timedelta(1)
    world.coverage(60, today=tuesday)
    world.coverage(7, today=tuesday)
    assert swept(madrid(tuesday)) == Swept(5, 3)
    assert waiting() == []


def test_after_the_days_digest_calm_windows_wait_and_urgent_ones_go(world):
    world.coverage(60)
    assert swept().letters == 2
    world.coverage(60)
    assert swept(madrid(hour=10)) == Swept(2, 0)
    assert waiting()[0].leaves_at == madrid(MONDAY + timedelta(7), hour=8)
    world.coverage(1)
    assert swept(madrid(hour=11)).letters == 3


def test_with_a_day_given_mail_is_due_at_once(world):
    tuesday = MONDAY + timedelta(1)
    world.coverage(60, today=tuesday)
    swept(madrid(tuesday, hour=23))
    assert swept(madrid(tuesday, hour=23), today=tuesday) == Swept(0, 2)
    assert swept(madrid(tuesday, hour=23), today=tuesday + timedelta(30)).letters == 3


def test_a_stranger_is_never_written_to(world):
    stranger = OrganisationFactory(name="Tidewater Legal")
    MembershipFactory(organisation=stranger, user=UserFactory(email="carmen@tidewater.example"))
    world.coverage(7)
    swept()
    assert "carmen@tidewater.example" not in letters()


def test_a_customer_touched_many_times_is_looked_at_once(world, monkeypatch):
    world.coverage(7)
    swept()
    world.coverage(7)
    world.coverage(30)
    with database_role("coterm_worker"):
        assert Touched.objects.count() > 1
    monkeypatch.setattr("renewals.services.sweep.TOUCHED_AT_ONCE", 1)
    assert swept().reminders == 6
    with database_role("coterm_worker"):
        assert not Touched.objects.exists()


def test_nothing_due_costs_a_handful_of_statements(world):
    world.coverage(7)
    swept()
    with database_clock(madrid(minute=1)), database_role("coterm_worker"):
        assert not Touched.objects.exists()
        with CaptureQueriesContext(connection) as queries:
            sweep()
    assert len([q for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 9
    assert not any("licences_visibility" in query["sql"] for query in queries)


@settings(max_examples=50)
@given(st.integers(1_700_000_000, 1_900_000_000), st.integers(1, 900))
def test_no_day_begins_anywhere_between_two_quarters_of_an_hour(start, seconds):
    last, now = (datetime.fromtimestamp(moment, UTC) for moment in (start, start + seconds))
    slowly = [name for name, zone in zones() if now.astimezone(zone).date() > last.astimezone(zone).date()]
    assert list(turned_zones(last, now)) == slowly


def contacts_told(window):
    with database_role("coterm_worker"):
        return sorted(Reminder.objects.filter(window=window, why__in=("lead", "contact")).values_list("why", flat=True))


@pytest.mark.parametrize(("days", "window", "told"), [(90, -90, ["lead"]), (20, -30, ["contact", "lead"])])
def test_with_a_lead_named_other_contacts_are_told_only_near_the_expiry(world, days, window, told):
    coverage = world.coverage(days)
    world.share(coverage)
    second = ContactFactory()
    AssignmentFactory(
        customer=world.customer, advisor=second.firm.organisation, contact=second, ends_on=MONDAY + timedelta(600)
    )
    with database_role("coterm_owner"):
        named = {"customer": world.customer, "coverage": coverage, "advisor": world.firm}
        Lead.objects.create(**named, named_at=madrid())
    swept()
    assert contacts_told(window) == told


def test_a_lead_that_falls_away_leaves_every_contact_as_lead(world):
    coverage = world.coverage(90)
    grant, second = world.share(coverage), ContactFactory()
    AssignmentFactory(
        customer=world.customer, advisor=second.firm.organisation, contact=second, ends_on=MONDAY + timedelta(600)
    )
    with database_role("coterm_owner"):
        named = {"customer": world.customer, "coverage": coverage, "advisor": world.firm}
        Lead.objects.create(**named, named_at=madrid())
    swept()
    with database_role("coterm_owner"):
        Assignment.objects.filter(pk=grant.pk).update(status="revoked")
    swept()
    assert contacts_told(-90) == ["lead", "lead"]
