"""A firm's agreement ends, or its contact leaves: access is paused or rerouted, and both sides are told once."""

from datetime import timedelta

import pytest

from accounts.models import Letter
from advisors.models import Firm
from licences.letters.access import compose_access
from licences.models import Assignment
from licences.services.departures import halt_without_agreement, resume_with_agreement, tell_of_contacts_who_left
from tests.cast import AssignmentFactory, today
from tests.hats import database_role

pytestmark = pytest.mark.django_db
HALTED = {
    "Your access to the licences of Larkfield Foods is paused",
    "The access of Meridian Systems is paused",
}


@pytest.fixture
def given(larkfield, meridian, contact, alba, bruno, coverages):
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", picked=coverages[:2]
    )


def agreement(firm, *, active):
    with database_role("coterm_owner"):
        Firm.objects.filter(pk=firm.pk).update(agreement_active=active)


def as_worker(verb):
    with database_role("coterm_worker"):
        return verb()


def subjects():
    return as_worker(lambda: {compose_access(letter).subject for letter in Letter.objects.all()})


def test_without_agreement_access_is_paused_and_both_sides_are_told(given, firm, bruno, seen):
    assert as_worker(halt_without_agreement) == 0
    agreement(firm, active=False)
    assert [as_worker(halt_without_agreement) for _ in range(2)] == [1, 0]
    assert seen(bruno) == {}
    assert subjects() == HALTED


def test_with_a_new_agreement_it_goes_on(given, firm, bruno, coverages, seen):
    agreement(firm, active=False)
    as_worker(halt_without_agreement)
    agreement(firm, active=True)
    assert [as_worker(resume_with_agreement) for _ in range(2)] == [1, 0]
    assert set(seen(bruno)) == {coverages[0].pk, coverages[1].pk}


def test_what_the_customer_paused_stays_paused(given):
    with database_role("coterm_owner"):
        Assignment.objects.update(status="suspended", suspended_by="customer")
    assert as_worker(resume_with_agreement) == 0


@pytest.mark.parametrize("scope", ["all", "selected"])
def test_what_another_grant_replaced_stays_paused(larkfield, firm, meridian, coverages, scope):
    common = {"customer": larkfield, "advisor": meridian, "scope": scope, "picked": coverages[:1]}
    AssignmentFactory(**common, status="suspended", suspended_by="programme")
    AssignmentFactory(**common)
    assert as_worker(resume_with_agreement) == 0


def test_a_contact_who_left_is_told_of_once_to_owners_and_customer(given, contact, alba, bruno):
    assert as_worker(tell_of_contacts_who_left) == 0
    with database_role("coterm_owner"):
        contact.left_on = today() - timedelta(1)
        contact.save()
    assert [as_worker(tell_of_contacts_who_left) for _ in range(2)] == [1, 0]
    with database_role("coterm_worker"):
        assert {letter.user_id for letter in Letter.objects.all()} == {alba.user_id, bruno.user_id}
    assert subjects() == {
        "Larkfield Foods has no contact at your firm any more",
        "Your contact at Meridian Systems has left",
    }
