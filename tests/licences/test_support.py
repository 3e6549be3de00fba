"""Support access: what it shows, to whom, until when, who gives it, and what is told of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Letter
from accounts.permissions import Forbidden
from accounts.rules import Kind, Role
from accounts.tenancy import acting_as
from licences.models import Assignment, SupportAccess, Visibility
from licences.rules.access import Refused
from licences.rules.changes import Stale
from licences.rules.ends import STANDARD
from licences.services.policies import set_policy
from licences.services.reviews import count_alone, review_assignments
from licences.services.soundness import compare
from licences.services.support import change_support, close_what_is_over, end_support, give_support
from tests.cast import (
    AssignmentFactory,
    CoverageFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    actor,
    today,
)
from tests.clients import signed_in
from tests.hats import database_clock, database_role

pytestmark = pytest.mark.django_db
SOON = timedelta(14)


@pytest.fixture
def programme():
    return OrganisationFactory(name="Programme", kind=Kind.PROGRAMME.value)


@pytest.fixture
def manager(programme):
    return MembershipFactory(organisation=programme, role=Role.MANAGER.value, user__name="Elena Ríos")


@pytest.fixture
def elena(manager):
    return actor(manager)


def given(who, *, days=14, reason="Case 4711"):
    with acting_as(who):
        return give_support(who, reason=reason, ends_on=today() + timedelta(days))


def mails():
    with database_role("coterm_worker"):
        return sorted(Letter.objects.filter(kind="licences.support").values_list("context__verb", "organisation"))


def verbs(organisation):
    with database_role("coterm_owner"):
        rows = AuditEntry.objects.filter(organisation=organisation).order_by("id")
        return [verb for verb in rows.values_list("verb", flat=True) if verb.startswith("support.")]


def test_without_it_the_programme_sees_no_licence(elena, coverages, seen):
    assert seen(elena) == {}


def test_it_shows_every_coverage_at_the_lowest_level_future_ones_included(alba, elena, coverages, larkfield, seen):
    given(alba)
    later = CoverageFactory(licence=LicenceFactory(customer=larkfield))
    assert seen(elena) == {coverage.pk: 1 for coverage in [*coverages, later]}


def test_it_shows_no_other_customer(alba, elena, coverages, seen):
    foreign = CoverageFactory()
    given(alba)
    assert foreign.pk not in seen(elena)


def test_it_shows_assignments_but_no_draft(alba, elena, coverages, larkfield, meridian):
    shown = AssignmentFactory(customer=larkfield, advisor=meridian)
    AssignmentFactory(customer=larkfield, advisor=meridian, status="draft")
    given(alba)
    with acting_as(elena):
        assert list(Assignment.objects.visible_to(elena)) == list(Assignment.objects.all()) == [shown]


@pytest.mark.parametrize("way", ["ended", "past"])
def test_it_is_over_at_once(alba, elena, coverages, seen, way):
    row = given(alba)
    if way == "ended":
        with acting_as(alba):
            end_support(alba, support=row, version=1)
        assert seen(elena) == {}
    else:
        with database_clock(timezone.now() + timedelta(16)):
            assert seen(elena) == {}


def test_its_last_day_is_the_customers(alba, elena, coverages, larkfield, seen):
    with database_role("coterm_owner"):
        type(larkfield).objects.filter(pk=larkfield.pk).update(time_zone="Pacific/Auckland")
    row = given(alba)
    with database_role("coterm_owner"):
        ends = Visibility.objects.filter(organisation=elena.organisation_id).values_list("valid_until", flat=True)[0]
    assert ends.date() == row.ends_on, "midnight in Auckland is still the day before in UTC"


def test_only_an_owner_gives_it(owen, elena):
    with acting_as(owen), pytest.raises(Forbidden):
        give_support(owen, reason="x", ends_on=today())


def test_a_renewals_manager_may_end_it(alba, owen, elena, coverages, seen):
    row = given(alba)
    with acting_as(owen):
        end_support(owen, support=row, version=1)
    assert seen(elena) == {}


@pytest.mark.parametrize("days", [-1, STANDARD.longest_support_days + 1])
def test_impossible_ends_are_refused(alba, elena, days):
    with pytest.raises(Refused):
        given(alba, days=days)


def test_there_is_one_at_a_time(alba, elena):
    given(alba)
    with pytest.raises(Refused):
        given(alba)


def test_a_late_form_is_stale(alba, elena):
    row = given(alba)
    with acting_as(alba):
        assert change_support(alba, support=row, version=1, reason="Case 1", ends_on=row.ends_on)
        with pytest.raises(Stale):
            end_support(alba, support=row, version=1)


def test_both_sides_are_told_and_read_of_it(alba, elena, larkfield, programme):
    row = given(alba)
    with acting_as(alba):
        change_support(alba, support=row, version=1, reason=row.reason, ends_on=today() + timedelta(30))
        end_support(alba, support=row, version=2)
    told = ["support.changed", "support.ended", "support.granted"]
    assert [verb for verb, _ in mails()] == sorted(told * 2)
    assert verbs(larkfield.pk) == verbs(programme.pk) == ["support.granted", "support.changed", "support.ended"]


def test_the_calendar_ends_it_and_tells_both(alba, elena, larkfield, coverages):
    given(alba)
    with database_clock(timezone.now() + timedelta(16)), database_role("coterm_worker"), acting_as(None):
        assert close_what_is_over() == 1
        assert close_what_is_over() == 0
    assert verbs(larkfield.pk) == ["support.granted", "support.ended"]
    with database_role("coterm_worker"):
        assert not Visibility.objects.filter(organisation=elena.organisation_id).exists()


def test_after_its_end_it_can_be_given_again(alba, elena, coverages, seen):
    given(alba)
    with database_role("coterm_owner"):
        SupportAccess.objects.update(ends_on=today() - timedelta(3))
    given(alba)
    assert len(seen(elena)) == len(coverages)


def test_the_check_of_visibility_knows_it(alba, elena, coverages):
    given(alba)
    with database_role("coterm_worker"):
        assert compare().wrong == []
    with database_role("coterm_owner"):
        Visibility.objects.filter(organisation=elena.organisation_id, coverage=coverages[0]).delete()
        Visibility.objects.filter(organisation=elena.organisation_id).update(access_level=2)
    with database_role("coterm_worker"):
        assert len(compare().wrong) == len(coverages)


def test_a_look_is_no_advice(alba, elena, coverages):
    given(alba)
    with database_role("coterm_worker"):
        assert count_alone() == len(coverages)
        review_assignments(thorough=True)


def test_another_zone_moves_its_end(alba, elena, coverages, larkfield):
    given(alba)
    with database_role("coterm_owner"):
        type(larkfield).objects.filter(pk=larkfield.pk).update(time_zone="Pacific/Honolulu")
        assert compare().wrong == []


def test_each_look_is_written_down_for_both(alba, manager, coverages, larkfield, programme):
    given(alba)
    client = signed_in(manager)
    page = client.get(reverse("renewals:supported-customer", args=[larkfield.slug])).content.decode()
    client.get(reverse("licences:licence", args=[coverages[0].licence_id]))
    assert str(coverages[0].licence.product) in page
    assert coverages[0].licence.serial not in page
    assert verbs(larkfield.pk)[1:] == verbs(programme.pk)[1:] == ["support.looked", "support.looked"]


def test_the_desk_lists_who_lets_it_look(alba, manager, larkfield):
    given(alba, reason="Case 4711")
    page = signed_in(manager).get(reverse("renewals:supported")).content.decode()
    assert larkfield.name in page
    assert "Case 4711" in page


def test_the_programme_sets_how_long_it_may_be_let_look(elena, alba):
    shorter = replace(STANDARD, support_days=3, longest_support_days=5)
    with acting_as(elena):
        set_policy(elena, valid_from=today(), policy=shorter, today=today())
    with pytest.raises(Refused):
        given(alba, days=7)
    given(alba, days=5)
