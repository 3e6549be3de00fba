"""Pausing, going on and giving up: at once, told to both sides, and never by the wrong side."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection

from accounts.models import AuditEntry, Letter
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.letters.access import compose_access
from licences.models import Assignment
from licences.rules import Status
from licences.rules.access import Refusal, Refused
from licences.rules.changes import Stale
from licences.services.pauses import resume, suspend
from licences.services.resignations import resign, tell_of_resignations
from tests.cast import AssignmentFactory, MembershipFactory, today
from tests.clients import signed_in
from tests.hats import database_role
from tests.licences.conftest import member

pytestmark = pytest.mark.django_db
END = today() + timedelta(100)


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=END, picked=coverages[:2]
    )


def stored(grant):
    with database_role("coterm_owner"):
        return Assignment.objects.get(pk=grant.pk)


def do(verb, who, grant, version=None):
    with acting_as(who):
        verb(who, assignment=grant, version=version or stored(grant).version)


def subjects():
    """The letters, as they would go out now."""
    with database_role("coterm_worker"):
        return {(letter.organisation_id, compose_access(letter).subject) for letter in Letter.objects.all()}


def test_a_pause_takes_sight_and_going_on_gives_it_back(grant, alba, owen, bruno, coverages, seen):
    do(suspend, owen, grant)
    assert seen(bruno) == {}
    assert stored(grant).suspended_by == "customer"
    do(resume, owen, grant)
    assert set(seen(bruno)) == {coverages[0].pk, coverages[1].pk}
    with acting_as(bruno):
        assert [e.verb for e in AuditEntry.objects.order_by("id")] == ["assignment.suspended", "assignment.resumed"]


def test_both_sides_are_told_of_a_pause(grant, alba, larkfield, meridian):
    do(suspend, alba, grant)
    assert subjects() == {
        (meridian.pk, "Larkfield Foods has paused your access"),
        (larkfield.pk, "The access of Meridian Systems is paused"),
    }


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_only_reads_pauses_nothing(grant, larkfield, role):
    with pytest.raises(Forbidden):
        do(suspend, member(larkfield, role), grant)


def test_only_the_side_that_paused_lets_it_go_on(grant, alba):
    do(suspend, alba, grant)
    with database_role("coterm_owner"):
        Assignment.objects.update(suspended_by="programme")
    with pytest.raises(Stale):
        do(resume, alba, grant)


def test_a_manager_lets_no_access_at_renew_go_on(grant, alba, owen):
    with database_role("coterm_owner"):
        Assignment.objects.update(level=AccessLevel.RENEW)
    do(suspend, owen, grant)
    with pytest.raises(Forbidden):
        do(resume, owen, grant)


def test_what_another_grant_took_over_stays_there(grant, larkfield, meridian, alba, bruno, coverages, seen):
    do(suspend, alba, grant)
    AssignmentFactory(
        customer=larkfield, advisor=meridian, scope="selected", level=AccessLevel.QUOTE, picked=coverages[:1]
    )
    do(resume, alba, grant)
    assert seen(bruno) == {coverages[0].pk: AccessLevel.QUOTE, coverages[1].pk: AccessLevel.VIEW}


def test_two_grants_of_everything_never_stand_together(larkfield, meridian, alba):
    paused = AssignmentFactory(customer=larkfield, advisor=meridian, status="suspended", suspended_by="customer")
    AssignmentFactory(customer=larkfield, advisor=meridian)
    with pytest.raises(Refused) as refused:
        do(resume, alba, paused)
    assert refused.value.refusal is Refusal.ALREADY_ALL


def test_a_late_press_changes_nothing(grant, alba):
    with pytest.raises(Stale):
        do(suspend, alba, grant, version=7)
    assert stored(grant).status == Status.ACTIVE


def test_giving_up_ends_it_at_once_and_tells_the_customer(grant, alba, bruno, larkfield, meridian, seen):
    do(resign, bruno, grant)
    assert seen(bruno) == {}
    assert stored(grant).status == Status.RESIGNED
    assert subjects() == {
        (meridian.pk, "You have given up your access to Larkfield Foods"),
        (larkfield.pk, "Meridian Systems has given up its access"),
    }
    with acting_as(alba):
        assert AuditEntry.objects.get().details["why"] == "resigned"


def test_what_is_paused_is_given_up_too_and_the_schedule_tells_the_customer(grant, owen, bruno, larkfield, meridian):
    do(suspend, owen, grant)
    with database_role("coterm_owner"):
        Letter.objects.all().delete()
    advisor = signed_in(MembershipFactory(organisation=meridian))
    address = f"/customers/access/{grant.pk}/resign/"
    assert address.encode() in advisor.get("/customers/").content
    assert b"Nothing now" in advisor.get(address).content
    do(resign, bruno, grant)
    assert address.encode() not in advisor.get("/customers/").content
    with database_role("coterm_worker"):
        assert [tell_of_resignations() for _ in range(2)] == [1, 0]
    assert (larkfield.pk, "Meridian Systems has given up its access") in subjects()


def test_members_and_strangers_give_nothing_up(grant, meridian, carmen):
    for who in (member(meridian, "member"), carmen):
        with pytest.raises(Forbidden):
            do(resign, who, grant)


def test_an_ended_access_is_not_given_up_again(grant, bruno):
    do(resign, bruno, grant)
    with pytest.raises(Stale):
        do(resign, bruno, grant)


@pytest.mark.parametrize(
    "change", ["level = 3", "status = 'resigned', level = 3", "status = 'resigned', ends_on = ends_on + 9"]
)
def test_the_database_lets_a_firm_write_nothing_but_its_resignation(grant, bruno, change):
    with pytest.raises(ProgrammingError), acting_as(bruno), connection.cursor() as cursor:
        cursor.execute(f"update licences_assignment set {change}")


def test_the_database_reopens_nothing(larkfield, meridian, alba):
    AssignmentFactory(customer=larkfield, advisor=meridian, status="revoked")
    with pytest.raises(ProgrammingError), acting_as(alba), connection.cursor() as cursor:
        cursor.execute("update licences_assignment set status = 'active'")


def test_the_pages_walk_through_pause_going_on_and_giving_up(grant, larkfield, meridian):
    owner = signed_in(MembershipFactory(organisation=larkfield))
    page = f"/licences/assignments/{grant.pk}/"
    assert b"Pause this access" in owner.get(page).content
    assert owner.post(f"{page}suspend/", {"version": 1})["Location"] == page
    assert b"Let it go on" in owner.get(page).content
    assert b"Paused" in owner.get("/licences/assignments/").content
    owner.post(f"{page}resume/", {"version": 2})
    advisor, address = signed_in(MembershipFactory(organisation=meridian)), f"/customers/access/{grant.pk}/resign/"
    assert address.encode() in advisor.get(f"/customers/{larkfield.slug}/").content
    assert b"Give up access" in advisor.get(address).content
    assert advisor.post(address, {"version": 3})["Location"] == "/customers/"
    assert advisor.get(address).status_code == 404
