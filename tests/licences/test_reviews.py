"""What the calendar does: ends, notices once each, and visibility compared with its source."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import AuditEntry, JobRun, Letter
from accounts.outbox import COMPOSERS
from accounts.tenancy import acting_as
from licences import tasks
from licences.models import Assignment, Visibility
from licences.rules import Status
from licences.services import reviews
from licences.services.soundness import compare
from tests.cast import AssignmentFactory, CoverageFactory, today
from tests.hats import database_clock, database_role

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def give(larkfield, meridian, contact, coverages):
    """Access of Meridian to all three coverages that lasts so many days, given a year ago."""

    def given(days, **fields):
        long_ago = datetime.now(MADRID) - timedelta(365)
        terms = {"scope": "selected", "picked": coverages, "activated_at": long_ago, **fields}
        return AssignmentFactory(
            customer=larkfield, advisor=meridian, contact=contact, ends_on=today() + timedelta(days), **terms
        )

    return given


def review(**kwargs):
    with database_role("coterm_worker"):
        return reviews.review_assignments(**kwargs)


def letters(**fields):
    with database_role("coterm_worker"):
        return list(Letter.objects.filter(**fields).order_by("id"))


def noon(days):
    return database_clock(datetime.combine(today() + timedelta(days), time(12), MADRID))


def test_what_is_over_is_ended_and_told_to_both_sides(give, alba, bruno, contact):
    grant = give(-2)
    assert review().ended == 1
    with acting_as(alba):
        assert Assignment.objects.get(pk=grant.pk).status == Status.EXPIRED
    for who in (alba, bruno):
        with acting_as(who):
            assert AuditEntry.objects.visible_to(who).get().details["why"] == "expired"
    assert {letter.user_id for letter in letters()} == {contact.user_id, alba.user_id}


def test_the_last_day_counts_in_the_customers_zone(give, bruno, seen):
    give(0)
    with noon(0):
        assert review().ended == 0
        assert len(seen(bruno)) == 3
    with database_clock(datetime.combine(today() + timedelta(1), time(0, 1), MADRID)):
        assert seen(bruno) == {}
        assert review().ended == 1


def test_a_grant_of_everything_takes_over_when_a_selected_one_ends(give, bruno, larkfield, meridian, seen):
    give(1)
    AssignmentFactory(customer=larkfield, advisor=meridian, level=3, activated_at=datetime.now(MADRID))
    assert set(seen(bruno).values()) == {1}
    with noon(2):
        assert review().ended == 1
        assert set(seen(bruno).values()) == {3}


def test_a_second_review_adds_nothing(give):
    give(-1)
    give(5)
    first = review()
    assert (first.ended, first.notices) == (1, 1)
    count = len(letters())
    again = review()
    assert (again.ended, again.notices, len(letters())) == (0, 0, count)


@pytest.mark.parametrize(("days", "notices"), [(31, 0), (30, 1), (7, 1), (1, 1), (0, 1)])
def test_a_notice_goes_out_when_it_is_due(give, days, notices):
    give(days)
    assert review().notices == notices


def test_each_notice_goes_out_once(give, alba):
    give(30)
    for day in (0, 1, 23, 24, 29, 30):
        with noon(day):
            review()
    assert len(letters(user_id=alba.user_id, context__verb="assignment.ending")) == 3


def test_access_given_after_the_notice_is_not_announced_to_end(give):
    give(20, activated_at=datetime.now(MADRID))
    assert review().notices == 0
    with noon(13):
        assert review().notices == 1


def test_a_notice_is_dropped_when_the_end_has_moved(give, alba, contact):
    grant = give(7)
    review()
    (notice,) = letters(recipient=contact.email)
    with database_role("coterm_worker"):
        mail = COMPOSERS[notice.kind](notice)
        assert mail.subject.startswith("Your access to the licences of Larkfield Foods ends on")
    with acting_as(alba):
        Assignment.objects.filter(pk=grant.pk).update(ends_on=today() + timedelta(300))
    with database_role("coterm_worker"):
        assert COMPOSERS[notice.kind](notice) is None


def test_a_thorough_review_counts_who_is_alone_and_compares(give, larkfield):
    give(100)
    CoverageFactory(licence__customer=larkfield)
    found = review(thorough=True)
    assert (found.alone, found.compared, found.wrong) == (1, 7, 0)
    with database_role("coterm_worker"):
        assert JobRun.objects.get(name="review_assignments").details["alone"] == 1


def test_it_looks_thoroughly_once_a_day(give):
    assert review().wrong == 0
    assert review().wrong is None
    with noon(2):
        assert review().wrong == 0


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("update licences_visibility set access_level = 3 where assignment_id is not null", "otherwise than granted"),
        ("delete from licences_visibility where assignment_id is not null", "granted, but not shown"),
        ("update licences_visibility set organisation_id = customer_id where false", ""),
        ("delete from licences_customervisibility", "known otherwise"),
    ],
)
def test_the_check_names_what_differs(give, fault, says):
    give(100)
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(fault)
    with database_role("coterm_worker"):
        wrong = compare().wrong
    assert bool(wrong) is bool(says)
    assert all(says in line for line in wrong)


def test_what_nothing_grants_is_found(give, bruno, carmen, coverages):
    give(100)
    with database_role("coterm_owner"):
        row = Visibility.objects.filter(organisation=bruno.organisation_id).first()
        row.organisation_id = carmen.organisation_id
        row.save(force_insert=True)
    with database_role("coterm_worker"), pytest.raises(CommandError, match="nothing grants it"):
        call_command("check_visibility")


def test_the_commands_say_what_they_found(give, capsys):
    give(-3)
    with database_role("coterm_worker"):
        call_command("review_assignments")
        call_command("check_visibility")
    said = capsys.readouterr().out
    assert "1 ended, 0 notices, 3 coverages without an advisor" in said
    assert "Visibility is sound: 3 rows compared." in said


def test_the_schedule_calls_it(give):
    give(-3)
    with database_role("coterm_worker"):
        assert tasks.review_assignments() == 1


def test_two_reviews_do_not_meet(give, monkeypatch):
    give(-3)
    monkeypatch.setattr(reviews, "alone_at_work", lambda job: False)
    assert review() is None
    assert tasks.review_assignments() == 0
    with pytest.raises(CommandError, match="at work"):
        call_command("review_assignments")
