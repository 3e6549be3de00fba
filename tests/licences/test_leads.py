"""The lead of a coverage: one at most, named by the customer, known to itself, gone with its access."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, Letter
from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from licences.models import Lead
from licences.rules.access import Refused
from licences.services import reviews
from licences.services.assignments import revoke
from licences.services.leads import drop_leads, leads_of, name_lead
from licences.services.pauses import suspend
from tests.cast import AssignmentFactory, ContactFactory, FirmFactory, MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.licences.conftest import member

pytestmark = pytest.mark.django_db


def shared(larkfield, firm, coverages):
    contact = ContactFactory(firm=firm.firm)
    return AssignmentFactory(
        customer=larkfield,
        advisor=firm,
        contact=contact,
        scope="selected",
        picked=coverages,
        activated_at=timezone.now(),
    )


@pytest.fixture
def halyard():
    return FirmFactory(organisation__name="Halyard").organisation


@pytest.fixture
def grant(larkfield, meridian, coverages):
    return shared(larkfield, meridian, coverages[:2])


def name(who, firm, coverages):
    with acting_as(who):
        return name_lead(who, coverages=[c.pk for c in coverages], advisor=firm)


def leads(who, coverages):
    with acting_as(who):
        return leads_of(who, [c.pk for c in coverages])


def test_the_customer_names_a_lead_of_what_the_firm_sees(grant, alba, meridian, coverages):
    assert name(alba, meridian, coverages) == 2
    assert leads(alba, coverages) == {c.pk: meridian.pk for c in coverages[:2]}
    assert name(alba, meridian, coverages) == 0


def test_a_firm_that_sees_nothing_cannot_lead(grant, alba, halyard, coverages):
    with pytest.raises(Refused):
        name(alba, halyard, coverages)


def test_another_lead_takes_the_place_and_firms_learn_only_of_themselves(
    grant, alba, bruno, larkfield, meridian, halyard, coverages
):
    shared(larkfield, halyard, coverages)
    diego = member(halyard, "owner")
    name(alba, meridian, coverages[:1])
    assert leads(bruno, coverages) == {coverages[0].pk: meridian.pk}
    assert leads(diego, coverages) == {}
    name(alba, halyard, coverages[:1])
    assert leads(bruno, coverages) == {}
    for who, verbs in ((bruno, ["lead.ended", "lead.named"]), (diego, ["lead.named"])):
        with acting_as(who):
            assert sorted(AuditEntry.objects.visible_to(who).values_list("verb", flat=True)) == verbs


def test_the_database_holds_one_lead_a_coverage(grant, alba, larkfield, meridian, halyard, coverages):
    name(alba, meridian, coverages[:1])
    other = {"customer": larkfield, "coverage": coverages[0], "advisor": halyard, "named_at": timezone.now()}
    with database_role("coterm_owner"), pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.create(**other)


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_may_not_give_access_names_no_lead(grant, larkfield, meridian, coverages, role):
    with pytest.raises(Forbidden):
        name(member(larkfield, role), meridian, coverages)


def test_a_lead_falls_away_with_its_access_and_the_customer_is_told_once(grant, alba, meridian, coverages):
    name(alba, meridian, coverages)
    with acting_as(alba):
        revoke(alba, assignment=grant, version=1)
    assert leads(alba, coverages) == {}
    for _ in range(2):
        with database_role("coterm_worker"):
            reviews.review_assignments()
    with database_role("coterm_worker"):
        told = Letter.objects.filter(context__verb="assignment.lead_fell_away")
        assert [letter.user_id for letter in told] == [alba.user_id]


def test_a_paused_lead_waits_and_falls_away_when_the_access_ends(grant, alba, meridian, coverages):
    name(alba, meridian, coverages)
    with acting_as(alba):
        suspend(alba, assignment=grant, version=1)
    assert len(leads(alba, coverages)) == 2
    with acting_as(alba):
        revoke(alba, assignment=grant, version=2)
    with database_role("coterm_worker"):
        reviews.review_assignments()
    assert leads(alba, coverages) == {}


def test_nobody_leads_when_the_customer_says_so(grant, alba, meridian, coverages):
    name(alba, meridian, coverages)
    with acting_as(alba):
        assert drop_leads(alba, coverages=[coverages[0].pk]) == 1
    assert set(leads(alba, coverages)) == {coverages[1].pk}


def test_the_pages_show_and_name_the_lead(grant, larkfield, meridian, coverages):
    browser = signed_in(MembershipFactory(organisation=larkfield))
    page = f"/licences/{coverages[0].licence_id}/"
    assert "Make lead" in browser.get(page).text
    browser.post(f"/licences/coverages/{coverages[0].pk}/lead/", {"advisor": meridian.pk})
    assert "No lead" in browser.get(page).text
    firm = signed_in(MembershipFactory(organisation=meridian))
    assert "You lead" in firm.get(page).text
    assert "You lead" not in firm.get(f"/licences/{coverages[1].licence_id}/").text
    browser.post(f"/licences/assignments/{grant.pk}/lead/")
    assert "You lead" in firm.get(f"/licences/{coverages[1].licence_id}/").text


def test_the_forms_of_the_licence_page_carry_their_token(grant, larkfield, coverages):
    page = signed_in(MembershipFactory(organisation=larkfield)).get(f"/licences/{coverages[0].licence_id}/").text
    form = page[page.index("/lead/") :]
    assert "csrfmiddlewaretoken" in form[: form.index("</form>")]
