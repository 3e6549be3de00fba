"""The demo is loaded once, however often it is loaded, and shows the numbers of the mocks."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from accounts.models import AuditEntry, CountryContact, Membership, Organisation, User
from accounts.tenancy import acting_as
from advisors.models import Contact, Firm, FirmWord
from licences.models import (
    Assignment,
    Coverage,
    CoverageTerm,
    Licence,
    Product,
    Transfer,
    TransferItem,
    TransferSnapshot,
    Visibility,
)
from licences.rules.transfers import digest
from renewals.management.commands.seed_demo import HOME
from renewals.models import CustomerNote, Decision, Reminder
from renewals.services.sweep import sweep
from renewals.views.given_up import items
from tests import database
from tests.cast import actor
from tests.hats import database_role

TABLES = (
    Assignment, AuditEntry, Contact, CountryContact, Coverage, CoverageTerm, EmailAddress, Firm, FirmWord, Licence,
    Membership, Organisation, Product, User, Visibility, CustomerNote, Transfer, TransferItem, TransferSnapshot,
    Decision, Reminder,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The world as `seed_demo` loads it, once for all tests of this module; after them the database is as before."""
    with django_db_blocker.unblock():
        with database_role("coterm_owner"):
            call_command("seed_demo", verbosity=0)
        yield
        database.copy(connection.creation._get_test_db_name(), connection.settings_dict["NAME"])


def today():
    return timezone.localdate(timezone=HOME)


def person(email):
    with database_role("coterm_owner"):
        return actor(Membership.objects.select_related("organisation").get(user__email=email))


def counted():
    with database_role("coterm_owner"):
        return {model.__name__: model.objects.count() for model in TABLES}


def test_loading_twice_leaves_the_same_rows(demo):
    before = counted()
    with database_role("coterm_owner"):
        call_command("seed_demo", verbosity=0)
    assert counted() == before
    assert before["Firm"] >= 3000


def test_the_ledger_tells_of_six_weeks_and_leaves_what_is_due_to_the_sweep(demo):
    with database_role("coterm_owner"):
        told = list(Reminder.objects.values_list("state", "leaves_at", "created_at"))
        now = timezone.now()
    assert {state for state, *_ in told} == {"sent"}
    assert all(now - timedelta(weeks=6) < at < now and at == written for _, at, written in told)
    with database_role("coterm_worker"):
        assert sweep().reminders


def shown_to(email):
    who = person(email)
    return who, Visibility.objects.visible_to(who)


def test_meridian_sees_412_coverages_of_86_customers(demo):
    who, rows = shown_to("bruno@meridian.example")
    with acting_as(who):
        assert rows.count() == 412
        assert rows.values("customer").distinct().count() == 86
        assert rows.filter(expires_on__range=(today(), today() + timedelta(30))).count() == 38
        assert rows.filter(expires_on__lt=today()).count() == 12
        assert rows.filter(assignment__contact__user=who.user_id).count() == 34


def test_larkfield_owns_1816_licences_under_8_coverages_on_5_dates(demo):
    who, rows = shown_to("alba@larkfield.example")
    with acting_as(who):
        assert rows.count() == 8
        assert rows.aggregate(Sum("quantity"))["quantity__sum"] == 1816
        assert rows.values("expires_on").distinct().count() == 5
        assert Assignment.objects.visible_to(who).in_force().count() == 6


def test_the_activity_of_meridian_tells_what_the_mock_tells(demo):
    who, _ = shown_to("bruno@meridian.example")
    with acting_as(who):
        entries = AuditEntry.objects.visible_to(who)
        raised = entries.filter(verb="assignment.level_raised").newest_first().first()
        assert raised.details["level_before"] == 1
        assert entries.filter(verb="assignment.ended").count() == 1
        assert list(entries.order_by("id")) == list(entries.order_by("at", "id"))


def test_carmen_shares_nothing_and_diego_sees_his_three_of_larkfield(demo):
    carmen, _ = shown_to("carmen@tidewater.example")
    diego, rows = shown_to("diego@halyard.example")
    with acting_as(carmen):
        assert not Assignment.objects.visible_to(carmen).exists()
        assert Visibility.objects.visible_to(carmen).count() == 5
    with acting_as(diego):
        assert rows.filter(customer__slug="larkfield").count() == 3
        assert not rows.filter(customer__slug="tidewater").exists()


@pytest.mark.parametrize("email", ["owen@larkfield.example", "elena@programme.example", "farid@nortegate.example"])
def test_a_visitor_signs_in_with_the_password_of_the_demo(demo, client, email):
    client.post("/accounts/login/", {"login": email, "password": "coterm-demo"})
    assert "_auth_user_id" in client.session


def test_people_of_other_customers_cannot_sign_in(demo):
    with database_role("coterm_owner"):
        assert not User.objects.get(email="ines.roca@santelmo.example").has_usable_password()


def test_farid_sees_what_larkfield_handed_over_and_nothing_else(demo):
    farid = person("farid@nortegate.example")
    with acting_as(farid):
        (transfer,) = Transfer.objects.visible_to(farid)
        content = TransferSnapshot.objects.visible_to(farid).get().content
        assert (transfer.sender, transfer.count) == ("Larkfield Foods", len(content["licences"]))
        assert digest(content) == transfer.sha256
        assert not Coverage.objects.exists()


def test_bruno_proposes_not_to_renew_and_reads_what_another_customer_decided(demo):
    alba, bruno = person("alba@larkfield.example"), person("bruno@meridian.example")
    with acting_as(alba):
        assert [item.asks for item in items(alba)] == [True]
    with acting_as(bruno):
        assert [item.decision.state for item in items(bruno)] == ["proposed", "decided"]


def test_alba_is_asked_for_her_consent_by_bruno(demo):
    alba, bruno = person("alba@larkfield.example"), person("bruno@meridian.example")
    with acting_as(alba):
        (waiting,) = Transfer.objects.visible_to(alba).waiting_for_consent()
        assert waiting.created_by_id == bruno.user_id
    with acting_as(bruno):
        (item,) = TransferItem.objects.visible_to(bruno).filter(transfer=waiting)
        assert Visibility.objects.visible_to(bruno).get(coverage=item.coverage_id).access_level == 3
