"""Certificates: what they certify, who reads them, that none is rewritten, and what a stranger learns of one."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import AuditEntry
from accounts.rules import AccessLevel, Kind
from accounts.tenancy import acting_as
from interface import dates
from licences.rules import Scope
from renewals.documents.certificates import certificate_pdf
from renewals.models import Certificate
from renewals.rules.certificates import Standing, digest
from renewals.services.certificates import NotInForce, issue, issue_each, issue_for_all, standing
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory, actor, today
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def alba():
    return MembershipFactory(organisation__name="Larkfield Foods")


@pytest.fixture
def bruno():
    return MembershipFactory(organisation__kind=Kind.ADVISOR.value)


@pytest.fixture
def coverage(alba):
    return CoverageFactory(licence=LicenceFactory(customer=alba.organisation, serial="SERIAL-4711"))


def share(coverage, bruno, level=AccessLevel.VIEW):
    return AssignmentFactory(
        customer=coverage.licence.customer,
        advisor=bruno.organisation,
        scope=Scope.SELECTED,
        level=level,
        picked=[coverage],
    )


def issued(person, coverage):
    with acting_as(actor(person)):
        return issue(actor(person), coverage)


def change(coverage, **fields):
    with database_role("coterm_owner"):
        type(coverage).objects.filter(pk=coverage.pk).update(**fields)


def test_a_certificate_freezes_what_is_in_force_and_is_issued_once(alba, coverage):
    first, again = issued(alba, coverage), issued(alba, coverage)
    assert first.pk == again.pk
    assert first.facts["coverages"][0]["expires_on"] == coverage.expires_on.isoformat()
    assert first.sha256 == digest(first.facts)


def test_other_terms_supersede_it_and_bring_another(alba, coverage):
    first = issued(alba, coverage)
    change(coverage, expires_on=coverage.expires_on + timedelta(30))
    assert standing(first.number) is Standing.ENDED
    second = issued(alba, coverage)
    assert (second.pk != first.pk, standing(second.number)) == (True, Standing.VALID)


def test_a_corrected_serial_supersedes_it(alba, coverage):
    first = issued(alba, coverage)
    with database_role("coterm_owner"):
        type(coverage.licence).objects.filter(pk=coverage.licence_id).update(serial="OTHER-1")
    assert standing(first.number) is Standing.ENDED


def test_it_ends_with_its_last_day(alba, coverage):
    first = issued(alba, coverage)
    assert standing(first.number) is Standing.VALID
    assert first.valid_until.date() >= coverage.expires_on


def test_what_is_not_in_force_has_no_certificate(alba, coverage):
    change(coverage, expires_on=today() - timedelta(2))
    with pytest.raises(NotInForce):
        issued(alba, coverage)
    with acting_as(actor(alba)), pytest.raises(NotInForce):
        issue_for_all(actor(alba))


def test_one_of_everything_ends_when_any_of_it_changes(alba, coverage):
    other = CoverageFactory(licence=coverage.licence, programme="am")
    with acting_as(actor(alba)):
        whole = issue_for_all(actor(alba))
        assert issue_for_all(actor(alba)).pk == whole.pk
    assert len(whole.facts["coverages"]) == 2
    change(other, quantity=3)
    assert standing(whole.number) is Standing.ENDED


def test_the_paper_of_everything_has_a_row_for_each_coverage(alba, coverage):
    with acting_as(actor(alba)):
        text = PdfReader(BytesIO(certificate_pdf(actor(alba), issue_for_all(actor(alba))))).pages[0].extract_text()
    days = (dates.day(each) for each in (coverage.starts_on, coverage.expires_on))
    assert "Through" in text and all(day in text for day in days)


def test_an_advisor_issues_what_it_sees_and_nothing_of_everything(alba, bruno, coverage):
    with acting_as(actor(alba)):
        issue_for_all(actor(alba))
    share(coverage, bruno)
    certificate = issued(bruno, coverage)
    with acting_as(actor(bruno)):
        assert list(Certificate.objects.visible_to(actor(bruno))) == [certificate]
        assert list(Certificate.objects.all()) == [certificate]


def test_an_advisor_loses_the_certificate_with_its_access(alba, bruno, coverage):
    grant = share(coverage, bruno)
    issued(alba, coverage)
    with database_role("coterm_owner"):
        type(grant).objects.filter(pk=grant.pk).update(status="revoked")
    with acting_as(actor(bruno)):
        assert not Certificate.objects.exists()


def test_a_stranger_issues_nothing(coverage):
    carmen = MembershipFactory()
    with pytest.raises(Exception, match="does not exist"):
        issued(carmen, coverage)


def test_nothing_of_a_certificate_is_rewritten(alba, coverage):
    certificate = issued(alba, coverage)
    for fields in ({"facts": {}}, {"superseded_at": None, "number": "RC-1"}):
        with database_role("coterm_owner"), pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(**fields)


def test_web_may_not_write_over_a_certificate(alba, coverage):
    certificate = issued(alba, coverage)
    with acting_as(actor(alba)), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(superseded_at=None)


def test_nobody_reads_a_certificate_but_by_its_number(alba, coverage):
    certificate = issued(alba, coverage)
    with acting_as(None):
        assert not Certificate.objects.exists()
    assert standing(certificate.number.lower().replace("-", " ")) is Standing.VALID
    assert standing("RC-0000-0000-0000") is standing("'; drop table") is Standing.UNKNOWN


def pages(person, certificate):
    client = signed_in(person)
    return client.get(f"/certificates/{certificate.pk}/"), client.get(f"/certificates/{certificate.pk}.pdf")


def test_each_reading_of_an_advisor_is_in_the_history(alba, bruno, coverage):
    share(coverage, bruno)
    certificate = issued(alba, coverage)
    assert [answer.status_code for answer in pages(alba, certificate)] == [200, 200]
    assert [answer.status_code for answer in pages(bruno, certificate)] == [200, 200]
    with database_role("coterm_owner"):
        read = AuditEntry.objects.filter(verb="certificate.read", organisation=alba.organisation)
        assert {each.actor_organisation_id for each in read} == {bruno.organisation_id}
        assert read.count() == 2


def test_an_advisor_sees_the_serial_masked(alba, bruno, coverage):
    share(coverage, bruno)
    certificate = issued(alba, coverage)
    page, _paper = pages(bruno, certificate)
    assert b"SERIAL-4711" not in page.content and "4711" in page.content.decode()
    assert b"SERIAL-4711" in pages(alba, certificate)[0].content


def test_the_public_check_says_the_standing_and_nothing_else(client, alba, coverage):
    certificate = issued(alba, coverage)
    valid = client.get(f"/verify/{certificate.number}")
    assert valid.status_code == 200 and b"is valid" in valid.content
    for secret in ("Larkfield", coverage.licence.product.name, "4711", str(certificate.pk)):
        assert secret not in valid.content.decode()


def test_unknown_numbers_get_one_and_the_same_answer(client):
    first, second = (client.get(f"/verify/{number}") for number in ("RC-0000-0000-0000", "RC-1111-1111-1111"))
    assert first.status_code == second.status_code == 404
    said, also = (answer.content.decode().partition("<main")[2].partition("</main>")[0] for answer in (first, second))
    assert said == also.replace("1111", "0000") and "no such" in said


def test_the_list_costs_the_same_queries_however_long(alba, coverage, django_assert_num_queries):
    client = signed_in(alba)
    with CaptureQueriesContext(connection) as one:
        client.get("/certificates/")
    for _number in range(8):
        CoverageFactory(licence=LicenceFactory(customer=alba.organisation))
    with django_assert_num_queries(len(one)):
        client.get("/certificates/")


def test_many_are_issued_at_once_with_the_same_statements(alba, coverage):
    others = [CoverageFactory(licence=LicenceFactory(customer=alba.organisation)) for _number in range(5)]
    counts = []
    for some in ([coverage], [coverage, *others]):
        with acting_as(actor(alba)), CaptureQueriesContext(connection) as queries:
            counts.append((issue_each(actor(alba), [each.pk for each in some]), len(queries)))
    assert counts == [(1, counts[0][1]), (5, counts[0][1])]
    assert standing(issued(alba, others[0]).number) is Standing.VALID
