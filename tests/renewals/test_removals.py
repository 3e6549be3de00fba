"""A licence entered by mistake goes with all that hangs on it; one that others rely on stays, and says why."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from licences.models import Assignment, Licence, Selection
from licences.rules.changes import Stale
from renewals.models import Reminder
from renewals.rules.removals import Held, Hold
from renewals.services.removals import remove_licence
from tests.cast import AssignmentFactory, ContactFactory, CoverageFactory, LicenceFactory, TermFactory, actor
from tests.clients import signed_in
from tests.hats import database_role
from tests.licences.conftest import member
from tests.tenancy.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def mistaken():
    """A coverage that nobody relies on."""
    return CoverageFactory(licence=LicenceFactory())


def remove(who, coverage):
    with acting_as(who):
        remove_licence(who, licence=coverage.licence, version=coverage.licence.version)


def stored(model, **wanted):
    with database_role("coterm_owner"):
        return list(model.objects.filter(**wanted))


def test_it_goes_with_its_dates_and_stays_in_the_activity(mistaken):
    TermFactory(coverage=mistaken)
    remove(owner := member(mistaken.licence.customer, "renewals_manager"), mistaken)
    assert not stored(Licence, pk=mistaken.licence_id)
    with acting_as(owner):
        assert [entry.verb for entry in AuditEntry.objects.all()] == ["licence.removed"]


def test_a_firm_that_saw_it_is_told_and_keeps_the_rest(mistaken):
    other = CoverageFactory(licence=LicenceFactory(customer=mistaken.licence.customer))
    firm = ContactFactory()
    grant = AssignmentFactory(
        customer=mistaken.licence.customer, advisor=firm.firm.organisation, contact=firm, scope="selected",
        picked=[mistaken, other],
    )  # fmt: skip
    remove(member(mistaken.licence.customer, "owner"), mistaken)
    assert [tick.coverage_id for tick in stored(Selection, assignment=grant)] == [other.pk]
    with acting_as(member(firm.firm.organisation, "owner")):
        assert AuditEntry.objects.get().verb == "assignment.licences_removed"


def test_access_that_shows_nothing_else_ends(mistaken):
    firm = ContactFactory()
    common = {"customer": mistaken.licence.customer, "advisor": firm.firm.organisation, "contact": firm}
    AssignmentFactory(**common, scope="selected", picked=[mistaken])
    remove(member(mistaken.licence.customer, "owner"), mistaken)
    assert [row.status for row in stored(Assignment)] == ["revoked"]


def test_what_others_rely_on_stays_and_the_page_says_why():
    world = make_world()
    first, _ = world.coverages["larkfield"]
    with database_role("coterm_owner"):
        first.terms.update(order_number="O-1", amount=1, currency="EUR")
    with pytest.raises(Held) as held:
        remove(actor(world.memberships["alba"]), first)
    assert held.value.holds.keys() == set(Hold) and held.value.holds[Hold.BOUGHT] == 1
    address = reverse("renewals:licence-remove", args=[first.licence_id])
    answer = signed_in(world.memberships["alba"]).post(address, {"version": 1})
    assert answer.status_code == 409
    assert "cannot be removed" in answer.content.decode()
    assert len(stored(Reminder, coverage=first)) == 1


def test_neither_a_viewer_nor_a_late_press_removes_it(mistaken):
    with pytest.raises(Forbidden):
        remove(member(mistaken.licence.customer, "viewer"), mistaken)
    mistaken.licence.version = 7
    with pytest.raises(Stale):
        remove(member(mistaken.licence.customer, "owner"), mistaken)
