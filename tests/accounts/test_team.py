"""Owners keep the team; the last of them stays."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import ApprovalLimit, AuditEntry, Invitation, Letter, Membership
from accounts.outbox import COMPOSERS
from accounts.permissions import Forbidden
from accounts.rules import Role
from accounts.services.people import LastOwner, change_role, remove_member, set_limit
from accounts.tenancy import acting_as
from tests.cast import PASSWORD, MembershipFactory, actor
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
TEAM = "accounts:team"


@pytest.fixture
def alba():
    return MembershipFactory(user__name="Alba Ruiz")


@pytest.fixture
def owen(alba):
    return MembershipFactory(organisation=alba.organisation, role=Role.VIEWER, user__name="Owen Hale")


def members(organisation):
    with database_role("coterm_owner"):
        return dict(Membership.objects.filter(organisation=organisation).values_list("user__name", "role"))


def test_owners_see_their_people_and_open_invitations(alba, owen):
    MembershipFactory(user__name="Carmen Stranger")
    client = signed_in(alba)
    client.post(reverse("accounts:invite"), {"email": "new@larkfield.example", "role": "viewer", "language": "es"})
    page = client.get(reverse(TEAM)).content.decode()
    assert all(found in page for found in ("Alba Ruiz", "Owen Hale", "new@larkfield.example"))
    assert "Carmen Stranger" not in page


def test_the_page_costs_the_same_with_more_people(alba, owen, django_assert_num_queries):
    client = signed_in(alba)
    client.get(reverse(TEAM))
    with django_assert_num_queries(10) as few:
        client.get(reverse(TEAM))
    MembershipFactory.create_batch(5, organisation=alba.organisation)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(reverse(TEAM))


def test_others_are_told_who_may(owen):
    answer = signed_in(owen).get(reverse(TEAM))
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()


def test_a_wrong_address_comes_back_with_what_was_typed(alba):
    answer = signed_in(alba).post(reverse("accounts:invite"), {"email": "nonsense", "role": "viewer", "language": "en"})
    assert answer.status_code == 422
    assert b'value="nonsense"' in answer.content


def test_an_owner_changes_a_role_and_the_person_is_told(alba, owen):
    signed_in(alba).post(reverse("accounts:member-role", args=[owen.pk]), {"role": "approver"})
    assert members(alba.organisation)["Owen Hale"] == "approver"
    with database_role("coterm_worker"):
        mail = COMPOSERS["accounts.membership"](Letter.objects.get(user_id=owen.user_id))
    assert "It is now: Approver" in mail.text


def test_an_owner_removes_somebody_after_reading_what_it_means(alba, owen):
    client = signed_in(alba)
    assert "Remove Owen Hale?" in client.get(reverse("accounts:member-remove", args=[owen.pk])).content.decode()
    assert "Owen Hale" in members(alba.organisation)
    client.post(reverse("accounts:member-remove", args=[owen.pk]))
    assert "Owen Hale" not in members(alba.organisation)
    assert signed_in(owen).get(reverse(TEAM)).status_code == 403


def test_who_belongs_nowhere_reads_why(alba, owen):
    with acting_as(actor(alba)):
        remove_member(actor(alba), owen)
    client = signed_in(owen)
    answer = client.get(reverse(TEAM))
    assert (answer.status_code, "You belong to no organisation" in answer.content.decode()) == (403, True)
    assert client.get(reverse("accounts:settings")).status_code == 200


@pytest.mark.parametrize("verb", [lambda who, m: change_role(who, m, Role.VIEWER), remove_member])
def test_the_last_owner_stays(alba, verb):
    with acting_as(actor(alba)), pytest.raises(LastOwner):
        verb(actor(alba), alba)


def test_a_role_of_another_kind_of_organisation_is_refused(alba, owen):
    with acting_as(actor(alba)), pytest.raises(ValueError, match="no role"):
        change_role(actor(alba), owen, Role.MANAGER)


@pytest.mark.parametrize("role", [Role.RENEWALS_MANAGER, Role.APPROVER, Role.VIEWER])
def test_only_owners_change_the_team(alba, owen, role):
    member = MembershipFactory(organisation=alba.organisation, role=role)
    with acting_as(actor(member)), pytest.raises(Forbidden):
        remove_member(actor(member), owen)


def test_strangers_rows_are_not_there(alba):
    carmen = MembershipFactory()
    client = signed_in(alba)
    for name in ("member-role", "member-remove", "invite-again", "uninvite"):
        assert client.post(reverse(f"accounts:{name}", args=[carmen.pk])).status_code == 404


def test_invitations_are_sent_again_and_withdrawn_from_the_page(alba):
    client = signed_in(alba)
    client.post(reverse("accounts:invite"), {"email": "new@larkfield.example", "role": "viewer", "language": "en"})
    with acting_as(actor(alba)):
        first = Invitation.objects.get()
    client.post(reverse("accounts:invite-again", args=[first.pk]))
    with acting_as(actor(alba)):
        second = Invitation.objects.open().get()
    assert second != first
    client.post(reverse("accounts:uninvite", args=[second.pk]))
    with acting_as(actor(alba)):
        assert not Invitation.objects.open().exists()


def test_changes_stand_in_the_books(alba, owen):
    with acting_as(actor(alba)):
        change_role(actor(alba), owen, Role.APPROVER)
        change_role(actor(alba), owen, Role.APPROVER)
        remove_member(actor(alba), owen)
        entries = AuditEntry.objects.order_by("id").values_list("verb", "details")
        assert list(entries) == [
            ("person.role_changed", {"role": "approver", "before": "viewer"}),
            ("person.removed", {"role": "approver"}),
        ]


def test_removing_somebody_twice_tells_it_once(alba, owen):
    with acting_as(actor(alba)):
        remove_member(actor(alba), owen)
        remove_member(actor(alba), owen)
        assert AuditEntry.objects.filter(verb="person.removed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_remove_each_other_at_once_one_stays(alba):
    second = MembershipFactory(organisation=alba.organisation, user__name="Second")

    def remove(pair):
        who, whom = pair
        try:
            with acting_as(actor(who)):
                remove_member(actor(who), whom)
        except LastOwner:
            return "refused"
        finally:
            connection.close()
        return "removed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, [(alba, second), (second, alba)])) == ["refused", "removed"]
    assert len(members(alba.organisation)) == 1


def test_a_person_with_two_organisations_switches_and_never_to_a_strangers(alba):
    firm = MembershipFactory(user=alba.user, organisation__kind="advisor", organisation__name="Meridian Systems")
    client = signed_in(alba)
    page = client.post(reverse("accounts:switch"), {"organisation": str(firm.organisation_id), "next": "/settings/"})
    assert page["Location"] == "/settings/"
    assert "Meridian Systems" in client.get("/settings/").content.decode()
    stranger = MembershipFactory()
    assert client.post(reverse("accounts:switch"), {"organisation": str(stranger.organisation_id)}).status_code == 404


def left(client, alba):
    with database_role("coterm_owner"):
        Membership.objects.filter(pk=alba.pk).delete()


def switched(client, alba):
    other = Membership.objects.filter(user=alba.user).exclude(pk=alba.pk).get()
    token = client.cookies["csrftoken"].value
    client.post(reverse("accounts:switch"), {"organisation": other.organisation_id, "csrfmiddlewaretoken": token})


@pytest.mark.parametrize("meanwhile", [left, switched])
def test_a_form_opened_for_one_organisation_is_not_taken_for_another(alba, meanwhile):
    with database_role("coterm_owner"):
        MembershipFactory(user=alba.user, organisation__kind="advisor")
        client = signed_in(alba, enforce_csrf_checks=True)
        token = client.get(reverse(TEAM)).context["csrf_token"]
        meanwhile(client, alba)
        form = {"email": "new@larkfield.example", "role": "owner", "language": "en", "csrfmiddlewaretoken": token}
        assert client.post(reverse("accounts:invite"), form).status_code == 403
        assert not Invitation.objects.exists()
        client.get(reverse(TEAM))
        form["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
        assert client.post(reverse("accounts:invite"), form | {"role": "member"}).status_code == 303


def test_whoever_signs_in_acts_for_one_organisation_from_the_beginning(alba, client):
    client.post(reverse("account_login"), {"login": alba.user.email, "password": PASSWORD})
    assert client.session["organisation_id"] == str(alba.organisation_id)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_switching_leads_nowhere_else(alba, target):
    answer = signed_in(alba).post(
        reverse("accounts:switch"), {"organisation": str(alba.organisation_id), "next": target}
    )
    assert answer["Location"] == "/"


def test_the_language_is_kept_with_the_person(alba):
    client = signed_in(alba)
    client.post(reverse("set_language"), {"language": "es", "next": "/settings/"})
    assert "Ajustes" in client.get("/settings/").content.decode()


def test_how_mail_is_wanted_is_kept_with_the_person(alba):
    wishes = {"name": "Alba", "language": "en", "time_zone": "Europe/Madrid", "single_mails": "on"}
    client = signed_in(alba)
    client.post(reverse("accounts:settings"), wishes)
    assert client.get(reverse("accounts:settings")).context["form"].initial == wishes | {
        "single_mails": True,
        "text_only": False,
    }


def test_a_visitors_language_is_kept_in_a_cookie(client):
    client.post(reverse("set_language"), {"language": "es", "next": "/accounts/login/"})
    assert "Iniciar sesión" in client.get("/accounts/login/").content.decode()


def test_a_person_changes_name_language_and_time_zone(alba):
    client = signed_in(alba)
    client.post("/settings/", {"name": "Alba R.", "language": "es", "time_zone": "Europe/Madrid"})
    page = client.get("/settings/").content.decode()
    assert "Alba R." in page
    assert "Sus ajustes se han guardado." in page
    assert client.post("/settings/", {"name": "", "language": "xx", "time_zone": "Mars/Olympus"}).status_code == 422


def test_invitations_have_a_measure(alba, monkeypatch):
    monkeypatch.setattr("accounts.views.team.spent", lambda *args, **kwargs: True)
    answer = signed_in(alba).post(
        reverse("accounts:invite"), {"email": "new@larkfield.example", "role": "viewer", "language": "en"}
    )
    assert (answer.status_code, b"Too many invitations" in answer.content) == (422, True)
    with acting_as(actor(alba)):
        assert not Invitation.objects.exists()


def test_an_owner_sets_and_takes_away_what_an_approver_may_accept():
    alba = MembershipFactory()
    ana = MembershipFactory(organisation=alba.organisation, role="approver")
    client, address = signed_in(alba), reverse("accounts:member-limits", args=[ana.pk])
    for amount, kept in (("1500", ["1500.0000"]), ("abc", ["1500.0000"]), ("", [])):
        client.post(address, {"currency": "eur", "amount": amount})
        with database_role("coterm_owner"):
            assert [str(limit.amount) for limit in ApprovalLimit.objects.filter(currency="EUR")] == kept


def test_an_approvers_limits_end_with_the_role():
    alba = MembershipFactory()
    ana = MembershipFactory(organisation=alba.organisation, role="approver")
    with acting_as(actor(alba)):
        set_limit(actor(alba), ana, currency="EUR", amount=Decimal(1500))
        change_role(actor(alba), ana, Role.VIEWER)
        assert not ApprovalLimit.objects.exists()


def test_only_an_approver_has_limits():
    alba = MembershipFactory()
    assert signed_in(alba).get(reverse("accounts:member-limits", args=[alba.pk])).status_code == 404
