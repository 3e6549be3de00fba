"""The access history: what was read and taken is written down for both sides, and found by person, licence and time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.keys import first_id, new_id
from accounts.models import AuditEntry
from accounts.tenancy import acting_as
from licences.rules import Scope
from licences.rules.access import Terms, Ticks
from licences.services.assignments import change_access
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory, actor
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
PAGE, FILE = "accounts:activity", "accounts:activity-export"
ROWS = 3000


@pytest.fixture
def ruiz(larkfield):
    return MembershipFactory(organisation=larkfield, user__name="Alba Ruiz")


@pytest.fixture
def salas(meridian):
    return MembershipFactory(organisation=meridian, role="member", user__name="Bruno Salas")


@pytest.fixture
def grant(larkfield, meridian, coverages):
    return AssignmentFactory(customer=larkfield, advisor=meridian, scope="selected", picked=coverages[:1])


def shown(member, **query):
    return signed_in(member).get(reverse(PAGE), query).content.decode()


def test_what_a_firm_takes_away_its_customer_reads(ruiz, salas, grant):
    signed_in(salas).post(reverse("renewals:export"))
    assert "Took 1 of your coverages away, as a file" in shown(ruiz)
    assert "Exported 1 row of the portfolio" in shown(salas)


def test_each_customer_reads_of_its_own_rows_alone(ruiz, salas, grant, meridian):
    stranger = MembershipFactory()
    other = [CoverageFactory(licence=LicenceFactory(customer=stranger.organisation)) for _ in "ab"]
    AssignmentFactory(customer=stranger.organisation, advisor=meridian, scope="selected", picked=other)
    signed_in(salas).post(reverse("renewals:export"))
    assert "Took 1 of your" in shown(ruiz)
    assert "Took 2 of your" in shown(stranger)
    assert "Exported 3 rows" in shown(salas)


def test_from_whom_an_entry_comes_is_told(ruiz, salas, grant):
    signed_in(salas).post(reverse("renewals:export"))
    page = shown(ruiz)
    assert "Bruno Salas<small>Meridian Systems</small>" in page
    assert "Bruno Salas<small>" not in shown(salas)


def test_a_certificate_that_was_read_is_told_to_both(ruiz, salas, grant):
    with acting_as(actor(salas)):
        audit.record_read(actor(salas), "certificate.read", customer_id=ruiz.organisation_id, number="R-12")
    for reader in (ruiz, salas):
        assert "Read certificate <b>R-12</b>" in shown(reader)


def test_taking_the_activity_away_is_an_entry(ruiz, grant):
    with acting_as(actor(ruiz)):
        audit.record(actor(ruiz), "test.written", organisations=[ruiz.organisation_id])
    signed_in(ruiz).get(reverse(FILE))
    assert "Took 1 entry of the activity away" in shown(ruiz)


def test_the_file_names_the_side(ruiz, salas, grant):
    signed_in(salas).post(reverse("renewals:export"))
    line = signed_in(ruiz).get(reverse(FILE)).content.decode().splitlines()[1]
    assert line.endswith(',"Meridian Systems"')


def test_entries_are_found_by_another_sides_person_and_organisation(ruiz, salas, grant):
    signed_in(salas).post(reverse("renewals:export"))
    with acting_as(actor(ruiz)):
        audit.record(actor(ruiz), "assignment.viewed_as", organisations=[ruiz.organisation_id])
    for query in ({"person": salas.user_id}, {"side": salas.organisation_id}, {"q": "Bruno"}):
        page = shown(ruiz, **query)
        assert "Took 1 of your" in page
        assert "Looked at what" not in page


def test_entries_are_found_by_licence(ruiz, grant, coverages):
    with acting_as(actor(ruiz)):
        terms = Terms(Scope.SELECTED, 2, grant.ends_on)
        change_access(actor(ruiz), assignment=grant, version=1, terms=terms, ticks=Ticks())
    reached, other = (coverage.licence for coverage in coverages[:2])
    assert "Raised access" in shown(ruiz, licence=reached.pk)
    assert "Raised access" in shown(ruiz, q=reached.serial)
    assert "Raised access" not in shown(ruiz, licence=other.pk)


def test_a_foreign_licence_finds_nothing(ruiz, grant):
    with acting_as(actor(ruiz)):
        audit.record(actor(ruiz), "test.written", organisations=[ruiz.organisation_id])
    assert "Nothing happened" in shown(ruiz, licence=CoverageFactory().licence_id)


@pytest.mark.parametrize(
    ("first", "last", "found"), [(0, 0, True), (-5, 0, True), (1, None, False), (None, -1, False), (None, 0, True)]
)
def test_entries_are_found_by_their_days_both_inclusive(ruiz, first, last, found):
    with acting_as(actor(ruiz)):
        audit.record(actor(ruiz), "test.written", organisations=[ruiz.organisation_id])
    here = timezone.now().date()
    days = {name: here + timedelta(n) for name, n in (("since", first), ("until", last)) if n is not None}
    assert ("test: written" in shown(ruiz, **days)) is found


def test_every_filter_is_served_by_an_index(ruiz, salas, grant, coverages):
    now = timezone.now()
    with database_role("coterm_owner"), connection.cursor() as cursor:
        AuditEntry.objects.bulk_create(
            AuditEntry(
                organisation_id=organisation,
                event_id=new_id(),
                at=now,
                verb="test.written",
                actor_user_id=new_id(),
                actor_organisation_id=organisation,
                customer_id=new_id(),
                subject_id=new_id(),
            )
            for organisation in (ruiz.organisation_id, salas.organisation_id)
            for _ in range(ROWS)
        )
        cursor.execute("analyze accounts_auditentry")
    with acting_as(actor(ruiz)):
        entries = AuditEntry.objects.visible_to(actor(ruiz))
        some = [new_id()]
        questions = {
            "audit_page": entries,
            "audit_person": entries.filter(actor_user_id=some[0]),
            "audit_from": entries.filter(actor_organisation_id=some[0]),
            "audit_customer": entries.filter(customer_id=some[0]),
            "audit_subject": entries.filter(subject_id__in=some),
        }
        for index, rows in questions.items():
            plan = rows.order_by("-id")[:51].explain()
            assert index in plan, plan
            assert "Seq Scan on accounts_auditentry" not in plan
        plan = entries.between(now - timedelta(9), now - timedelta(8)).order_by("-id")[:51].explain()
        assert "Index Cond" in plan
        assert "id >=" in plan


def test_a_key_made_at_an_instant_is_not_below_the_first():
    before = timezone.now() - timedelta(milliseconds=1)
    assert first_id(before) <= new_id() <= first_id(timezone.now() + timedelta(hours=1))


def test_the_page_costs_the_same_however_many_look(ruiz, grant, django_assert_max_num_queries):
    client = signed_in(ruiz)
    with django_assert_max_num_queries(22) as few:
        client.get(reverse(PAGE), {"q": "Gateway"})
    for number in range(8):
        MembershipFactory(organisation=grant.advisor, role="member", user__name=f"Person {number}")
        CoverageFactory(licence=LicenceFactory(customer=ruiz.organisation))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse(PAGE), {"q": "Gateway"})


def test_who_acted_keeps_a_name_when_access_has_ended(ruiz, salas, grant):
    signed_in(salas).post(reverse("renewals:export"))
    signed_in(ruiz).post(reverse("licences:remove", args=[grant.pk]), {"version": grant.version})
    assert "Bruno Salas" in shown(ruiz)
    page = shown(salas)
    assert "Alba Ruiz" in page
    assert "Larkfield Foods" in page
    assert ruiz.user.email not in page
