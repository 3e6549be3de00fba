"""The pages on which a customer looks with an advisor's eyes, and a manager of the programme with its own."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tenancy import acting_as
from licences.services.support import give_support
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    CoverageFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    actor,
    today,
)
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
TABLE = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)


@pytest.fixture
def alba():
    return MembershipFactory(organisation__name="Larkfield Foods")


@pytest.fixture
def contact():
    return ContactFactory(firm__organisation__name="Meridian Systems")


@pytest.fixture
def bruno(contact):
    return MembershipFactory(organisation=contact.firm.organisation, role="member")


def own(member, count):
    return [CoverageFactory(licence=LicenceFactory(customer=member.organisation)) for _ in range(count)]


def grant(member, contact, **fields):
    return AssignmentFactory(customer=member.organisation, advisor=contact.firm.organisation, contact=contact, **fields)


def table(answer):
    return TABLE.search(answer.content.decode())[1]


def verbs(member):
    with database_role("coterm_owner"):
        return list(AuditEntry.objects.filter(organisation=member.organisation_id).values_list("verb", flat=True))


def test_the_customer_reads_the_very_table_that_the_firm_reads(alba, bruno, contact):
    grant(alba, contact, scope="selected", level=2, picked=own(alba, 3)[:2])
    mine = signed_in(alba).get(reverse("renewals:view-as", args=[contact.firm.pk]))
    theirs = signed_in(bruno).get(reverse("renewals:customer", args=[alba.organisation.slug]))
    assert table(mine) == table(theirs)
    assert verbs(alba) == ["assignment.viewed_as"]
    assert verbs(bruno) == []


def test_a_draft_shows_the_table_of_after(alba, bruno, contact):
    draft = grant(alba, contact, scope="selected", status="draft", picked=own(alba, 3)[:2])
    client = signed_in(alba)
    foreseen = client.get(reverse("renewals:view-as-draft", args=[draft.pk]))
    client.post(reverse("licences:add-review", args=[draft.pk]), {"version": "1"})
    assert table(foreseen) == table(client.get(reverse("renewals:view-as", args=[contact.firm.pk])))


def test_a_form_is_shown_page_by_page_and_saves_nothing(alba, contact):
    row = grant(alba, contact, scope="selected", level=1, picked=own(alba, 30))
    kept = {"scope": "selected", "level": "2", "until": "date", "ends_on": row.ends_on.isoformat(), "version": "1"}
    client, url = signed_in(alba), reverse("renewals:view-as-changed", args=[row.pk])
    first = client.post(url, kept).content.decode()
    cursor = re.search(r'name="after" value="([^"]+)"', first)[1]
    second = client.post(url, {**kept, "after": cursor}).content.decode()
    assert (first.count("<tr>"), second.count("<tr>")) == (1 + 25, 1 + 5)
    assert 'name="level" value="2"' in first
    with database_role("coterm_owner"):
        row.refresh_from_db()
    assert row.level == 1


def test_a_review_of_many_shows_what_they_would_give(alba, contact):
    first, second = own(alba, 2)
    grant(alba, contact, scope="selected", level=1, picked=[first])
    asked = {"coverage": second.pk, "advisor": contact.firm.pk, "give": "2", "until": "year"}
    page = signed_in(alba).get(reverse("renewals:view-as-shared"), asked).content.decode()
    assert page.count("<tr>") == 1 + 2
    assert "Quote" in page


def test_nothing_of_the_firms_other_customers_is_on_the_page(alba, contact):
    stranger = MembershipFactory(organisation__name="Tidewater Legal")
    grant(stranger, contact, scope="selected", picked=own(stranger, 1))
    grant(alba, contact, scope="selected", picked=own(alba, 1))
    page = signed_in(alba).get(reverse("renewals:view-as", args=[contact.firm.pk])).content.decode()
    assert "Tidewater" not in page


def test_a_firm_without_any_access_is_not_there(alba, contact):
    assert signed_in(alba).get(reverse("renewals:view-as", args=[contact.firm.pk])).status_code == 404


def test_each_look_asks_the_same_number_of_questions(alba, contact):
    everything = grant(alba, contact, level=2)
    programme = MembershipFactory(organisation=OrganisationFactory(kind="programme"), role="manager")
    with acting_as(actor(alba)):
        give_support(actor(alba), reason="Case 1", ends_on=today() + timedelta(3))
    pages = [
        (signed_in(alba), reverse("renewals:view-as", args=[everything.advisor_id])),
        (signed_in(programme), reverse("renewals:supported-customer", args=[alba.organisation.slug])),
    ]
    own(alba, 2)
    before = [asked(*page) for page in pages]
    own(alba, 9)
    assert [asked(*page) for page in pages] == before


def asked(client, url):
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)
