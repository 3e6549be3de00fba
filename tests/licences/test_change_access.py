"""Changing and ending an assignment: in force at once, by whom it may, and never over somebody else's change."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Letter
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment, Selection
from licences.rules import Scope, Status
from licences.rules.access import Refusal, Refused, Terms, Ticks
from licences.rules.changes import Difference, Field, Stale
from licences.services.assignments import change_access, revoke
from tests.cast import AssignmentFactory, CoverageFactory, today
from tests.hats import database_role
from tests.licences.conftest import member

pytestmark = pytest.mark.django_db
END = today() + timedelta(100)
VIEW, QUOTE, RENEW = AccessLevel.VIEW, AccessLevel.QUOTE, AccessLevel.RENEW


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    """Meridian may view the first two coverages for a hundred days."""
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=END, picked=coverages[:2]
    )


def change(who, grant, *, level=VIEW, scope=Scope.SELECTED, ends_on=END, version=1, add=(), remove=()):
    ticks = Ticks(frozenset(c.pk for c in add), frozenset(c.pk for c in remove))
    with acting_as(who):
        return change_access(who, assignment=grant, version=version, terms=Terms(scope, level, ends_on), ticks=ticks)


def stored(who, grant):
    with acting_as(who):
        return Assignment.objects.get(pk=grant.pk)


def verbs(who):
    with acting_as(who):
        return [entry.verb for entry in AuditEntry.objects.visible_to(who).order_by("id")]


def test_a_raised_level_is_in_force_at_once_and_told_to_both_sides(grant, alba, owen, bruno, coverages, seen, contact):
    assert change(owen, grant, level=QUOTE)
    assert seen(bruno) == {coverages[0].pk: QUOTE, coverages[1].pk: QUOTE}
    assert verbs(bruno) == verbs(alba) == ["assignment.level_raised"]
    with database_role("coterm_worker"):
        assert {letter.user_id for letter in Letter.objects.all()} == {contact.user_id, alba.user_id, owen.user_id}


def test_what_changes_nothing_tells_nobody(grant, alba, coverages):
    assert not change(alba, grant, add=[coverages[0]], remove=[coverages[2]])
    assert verbs(alba) == []
    assert stored(alba, grant).version == 1


def test_licences_come_and_go(grant, alba, bruno, coverages, seen):
    change(alba, grant, add=[coverages[2]], remove=[coverages[0]])
    assert set(seen(bruno)) == {coverages[1].pk, coverages[2].pk}
    assert verbs(alba) == ["assignment.changed"]


def test_foreign_licences_stay_out(grant, alba, bruno, coverages, seen):
    assert not change(alba, grant, add=[CoverageFactory()])
    assert set(seen(bruno)) == {coverages[0].pk, coverages[1].pk}


def test_taking_every_licence_away_is_left_to_ending_it(grant, alba, coverages):
    with pytest.raises(Refused) as refused:
        change(alba, grant, remove=coverages)
    assert refused.value.refusal is Refusal.NOTHING_CHOSEN


def test_everything_reaches_future_licences_too(grant, alba, bruno, larkfield, seen):
    change(alba, grant, scope=Scope.ALL)
    CoverageFactory(licence__customer=larkfield)
    assert len(seen(bruno)) == 4
    with acting_as(alba):
        assert not Selection.objects.exists()


def test_unticking_under_everything_is_an_exclusion(larkfield, meridian, alba, bruno, coverages, seen):
    everything = AssignmentFactory(customer=larkfield, advisor=meridian, ends_on=END)
    change(alba, everything, scope=Scope.ALL, remove=[coverages[0]])
    assert coverages[0].pk not in seen(bruno)
    change(alba, everything, scope=Scope.ALL, version=2, add=[coverages[0]])
    assert coverages[0].pk in seen(bruno)


def test_from_everything_to_selected_keeps_what_is_not_taken_away(larkfield, meridian, alba, bruno, coverages, seen):
    everything = AssignmentFactory(customer=larkfield, advisor=meridian, ends_on=END)
    change(alba, everything, remove=[coverages[0]])
    CoverageFactory(licence__customer=larkfield)
    assert set(seen(bruno)) == {coverages[1].pk, coverages[2].pk}


def test_a_second_grant_of_everything_is_refused(grant, alba, larkfield, meridian):
    AssignmentFactory(customer=larkfield, advisor=meridian)
    with pytest.raises(Refused) as refused:
        change(alba, grant, scope=Scope.ALL)
    assert refused.value.refusal is Refusal.ALREADY_ALL


def test_a_late_form_learns_what_it_would_change(grant, alba, owen, coverages):
    change(owen, grant, level=QUOTE)
    with pytest.raises(Stale) as stale:
        change(alba, grant, level=VIEW, add=[coverages[2]])
    assert stale.value.differences == [Difference(Field.LEVEL, QUOTE, VIEW), Difference(Field.LICENCES, 2, 3)]
    assert stored(alba, grant).level == QUOTE


def test_what_has_ended_cannot_be_changed(grant, alba):
    with acting_as(alba):
        revoke(alba, assignment=grant, version=1)
    with pytest.raises(Stale) as stale:
        change(alba, grant, level=QUOTE, version=2)
    assert stale.value.differences == [Difference(Field.STATUS, Status.REVOKED, Status.ACTIVE)]


def test_what_has_ended_by_the_calendar_cannot_be_lengthened(alba, larkfield, meridian, coverages):
    over = AssignmentFactory(
        customer=larkfield, advisor=meridian, scope="selected", picked=coverages, ends_on=today() - timedelta(2)
    )
    with pytest.raises(Stale):
        change(alba, over)


def test_an_end_may_stay_but_not_move_out_of_bounds(grant, alba):
    with pytest.raises(Refused):
        change(alba, grant, ends_on=today() + timedelta(800))
    assert change(alba, grant, ends_on=today())


def test_ending_takes_sight_away_at_once(grant, owen, bruno, seen):
    with acting_as(owen):
        revoke(owen, assignment=grant, version=1)
    assert seen(bruno) == {}
    assert verbs(bruno) == ["assignment.ended"]
    with acting_as(owen), pytest.raises(Stale):
        revoke(owen, assignment=grant, version=2)


def test_a_stale_ending_ends_nothing(grant, alba, bruno, seen):
    change(alba, grant, level=QUOTE)
    with acting_as(alba), pytest.raises(Stale):
        revoke(alba, assignment=grant, version=1)
    assert len(seen(bruno)) == 2


@pytest.mark.parametrize(
    ("role", "wish", "may"),
    [
        ("owner", {"level": RENEW}, True),
        ("owner", {"scope": Scope.ALL}, True),
        ("renewals_manager", {"level": QUOTE}, True),
        ("renewals_manager", {"ends_on": END - timedelta(5)}, True),
        ("renewals_manager", {"ends_on": END + timedelta(5)}, True),
        ("renewals_manager", {"level": RENEW}, False),
        ("renewals_manager", {"scope": Scope.ALL}, False),
        ("approver", {"ends_on": END - timedelta(5)}, False),
        ("viewer", {"ends_on": END - timedelta(5)}, False),
    ],
)
def test_who_may_change_what(grant, larkfield, role, wish, may):
    who = member(larkfield, role)
    if may:
        assert change(who, grant, **wish)
    else:
        with pytest.raises(Forbidden):
            change(who, grant, **wish)


def test_a_renewals_manager_may_lower_renew_but_not_lengthen_it(owen, larkfield, meridian, coverages):
    strong = AssignmentFactory(
        customer=larkfield, advisor=meridian, scope="selected", level=3, picked=coverages, ends_on=END
    )
    with pytest.raises(Forbidden):
        change(owen, strong, level=RENEW, ends_on=END + timedelta(1))
    assert change(owen, strong, level=VIEW)


def test_ending_a_lower_grant_beneath_one_of_everything_is_the_owners(
    grant, alba, owen, bruno, larkfield, meridian, seen
):
    AssignmentFactory(customer=larkfield, advisor=meridian, level=3)
    with acting_as(owen), pytest.raises(Forbidden):
        revoke(owen, assignment=grant, version=1)
    with acting_as(alba):
        revoke(alba, assignment=grant, version=1)
    assert set(seen(bruno).values()) == {RENEW}


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_may_not_end(grant, larkfield, role):
    who = member(larkfield, role)
    with acting_as(who), pytest.raises(Forbidden):
        revoke(who, assignment=grant, version=1)


def test_a_stranger_finds_nothing_to_change(grant, carmen, bruno):
    with pytest.raises(Assignment.DoesNotExist):
        change(carmen, grant)
    with acting_as(bruno), pytest.raises(Forbidden):
        revoke(bruno, assignment=grant, version=1)
