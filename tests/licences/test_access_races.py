"""Two owners at one assignment: one wins, the other learns of it, and no change is lost."""

from datetime import timedelta

import pytest

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment
from licences.rules import Scope
from licences.rules.access import Terms, Ticks, Wish
from licences.rules.changes import Stale
from licences.services.assignments import change_access, revoke
from licences.services.shares import preview_changes, set_access
from tests.cast import AssignmentFactory, today
from tests.licences.conftest import member
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
END = today() + timedelta(100)


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=END, picked=coverages[:2]
    )


def changing(who, grant, level):
    def verb():
        terms = Terms(Scope.SELECTED, level, END)
        with acting_as(who):
            change_access(who, assignment=grant, version=1, terms=terms, ticks=Ticks())
        return level

    return verb


def test_two_owners_change_one_assignment(grant, alba, larkfield):
    other = member(larkfield, "owner")
    results = at_once(changing(alba, grant, AccessLevel.QUOTE), changing(other, grant, AccessLevel.RENEW))
    assert results.count(Stale) == 1
    with acting_as(alba):
        stored = Assignment.objects.get(pk=grant.pk)
    assert (stored.level, stored.version) == (next(r for r in results if r is not Stale), 2)


def test_one_changes_what_the_other_ends(grant, alba, bruno, larkfield, seen):
    other = member(larkfield, "owner")

    def ending():
        with acting_as(other):
            revoke(other, assignment=grant, version=1)
        return "ended"

    results = at_once(changing(alba, grant, AccessLevel.QUOTE), ending)
    assert results.count(Stale) == 1
    assert bool(seen(bruno)) is (results[1] is Stale)


def test_cells_changed_at_once_go_to_one_of_them(grant, alba, bruno, larkfield, meridian, coverages, seen):
    other = member(larkfield, "owner")
    ids = frozenset(coverage.pk for coverage in coverages)
    with acting_as(alba):
        stamp = preview_changes(alba, advisor=meridian, wish=Wish(ids), today=today()).stamp

    def giving(who, level):
        def verb():
            with acting_as(who):
                set_access(who, advisor=meridian, wish=Wish(ids, level, END), stamp=stamp)
            return level

        return verb

    results = at_once(giving(alba, AccessLevel.QUOTE), giving(other, AccessLevel.RENEW))
    assert results.count(Stale) == 1
    assert set(seen(bruno).values()) == {next(r for r in results if r is not Stale)}
