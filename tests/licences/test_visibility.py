"""Visibility follows from assignments, for every way of writing them."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment, Coverage, CustomerVisibility, Exclusion, Licence, Visibility
from licences.rules import Scope, Status
from tests.cast import (
    AssignmentFactory,
    CoverageFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    actor,
    today,
)
from tests.hats import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def larkfield():
    return OrganisationFactory()


@pytest.fixture
def meridian():
    return OrganisationFactory(kind="advisor")


@pytest.fixture
def alba(larkfield):
    return actor(MembershipFactory(organisation=larkfield))


@pytest.fixture
def bruno(meridian):
    return actor(MembershipFactory(organisation=meridian))


@pytest.fixture
def coverages(larkfield):
    return [CoverageFactory(licence=LicenceFactory(customer=larkfield)) for _ in range(3)]


@pytest.fixture
def grant(larkfield, meridian):
    return partial(AssignmentFactory, customer=larkfield, advisor=meridian)


def seen(who):
    with acting_as(who):
        return {v.coverage_id: v.access_level for v in Visibility.objects.visible_to(who)}


def test_nobody_sees_nothing(coverages):
    assert Coverage.objects.count() == Visibility.objects.count() == Licence.objects.count() == 0


def test_the_owner_sees_its_own_rows(alba, coverages):
    assert set(seen(alba)) == {c.pk for c in coverages}


def test_scope_all_reaches_present_and_future_coverages(bruno, coverages, larkfield, grant):
    grant()
    later = CoverageFactory(licence=LicenceFactory(customer=larkfield))
    assert set(seen(bruno)) == {*(c.pk for c in coverages), later.pk}


def test_selected_beats_all_even_when_it_is_lower(alba, bruno, coverages, grant):
    grant(level=AccessLevel.RENEW)
    grant(scope=Scope.SELECTED, level=AccessLevel.VIEW, picked=coverages[:1])
    assert seen(bruno)[coverages[0].pk] == AccessLevel.VIEW
    assert seen(bruno)[coverages[1].pk] == AccessLevel.RENEW


def test_all_takes_over_when_the_selected_grant_ends(alba, bruno, coverages, grant):
    grant(level=AccessLevel.RENEW)
    selected = grant(scope=Scope.SELECTED, picked=coverages[:1])
    with acting_as(alba):
        Assignment.objects.filter(pk=selected.pk).update(status=Status.REVOKED)
    assert seen(bruno)[coverages[0].pk] == AccessLevel.RENEW


def test_an_exclusion_hides_a_coverage_from_scope_all(alba, bruno, coverages, grant):
    assignment = grant()
    with acting_as(alba):
        Exclusion.objects.create(customer_id=alba.organisation_id, assignment=assignment, coverage=coverages[0])
    assert set(seen(bruno)) == {c.pk for c in coverages[1:]}


def test_access_ends_with_its_last_day_in_the_customers_zone(alba, bruno, coverages, grant):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_organisation set time_zone = 'Pacific/Auckland' where id = %s", [alba.organisation_id]
        )
    assignment = grant()
    with database_role("coterm_worker"):
        row = Visibility.objects.get(coverage=coverages[0], organisation_id=bruno.organisation_id)
    assert row.valid_until.utcoffset() == timedelta(0)
    assert row.valid_until.date() == assignment.ends_on, "midnight in Auckland is still the day before in UTC"


def test_an_ended_grant_shows_nothing_at_once(alba, bruno, coverages, grant):
    grant()
    with acting_as(alba):
        Assignment.objects.update(ends_on=today() - timedelta(2))
    assert seen(bruno) == {}
    with acting_as(bruno):
        assert CustomerVisibility.objects.count() == Coverage.objects.count() == 0


def test_another_zone_moves_the_end(alba, bruno, coverages, grant):
    grant()
    with acting_as(bruno):
        before = Visibility.objects.first().valid_until
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_organisation set time_zone = 'Pacific/Honolulu' where id = %s", [alba.organisation_id]
        )
    with acting_as(bruno):
        assert Visibility.objects.first().valid_until > before


def test_a_coverage_never_changes_its_customer(coverages):
    with database_role("coterm_owner"), pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Coverage.objects.filter(pk=coverages[0].pk).update(customer=OrganisationFactory())
