"""The life of an invitation: offered, mailed, accepted once, replaced, withdrawn, expired."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Invitation, Letter, Membership, User
from accounts.outbox import COMPOSERS, SECRET
from accounts.permissions import Forbidden
from accounts.rules import Kind, Role
from accounts.services.invitations import (
    AlreadyMember,
    InvitationGone,
    Offer,
    WrongPerson,
    invite,
    join,
    join_as_new,
    resend,
    withdraw,
)
from accounts.tenancy import acting_as
from tests.cast import PASSWORD, MembershipFactory, OrganisationFactory, actor
from tests.clients import signed_in
from tests.hats import database_clock, database_role

pytestmark = pytest.mark.django_db
NEW = "owen@larkfield.example"


@pytest.fixture
def alba():
    return MembershipFactory(
        organisation__name="Larkfield Foods", user__name="Alba", user__email="alba@larkfield.example"
    )


def offered(by, email=NEW, role=Role.VIEWER, **kwargs):
    with acting_as(actor(by)):
        return invite(actor(by), by.organisation, Offer(email=email, role=role, **kwargs))


def token_of(email=NEW):
    """What the mail says: known to the senders alone."""
    with database_role("coterm_owner"):
        return Letter.objects.filter(recipient=email, kind="accounts.invitation").latest("created_at").context["token"]


def page_of(token):
    return reverse("accounts:invitation", args=[token])


def test_an_invitation_is_mailed_with_its_link_in_the_invited_language(alba):
    offered(alba, language="es", name="Owen")
    with database_role("coterm_worker"):
        mail = COMPOSERS["accounts.invitation"](Letter.objects.get())
    assert mail.subject == "Su invitación a Larkfield Foods en Coterm"
    assert page_of(token_of()) in mail.text
    assert page_of(token_of()) in mail.html
    assert "Alba" in mail.text


def test_the_token_is_nowhere_but_in_a_letter_that_tenants_cannot_read(alba):
    invitation = offered(alba)
    assert token_of() not in str(Invitation.objects.filter(pk=invitation.pk).values())
    assert "accounts.invitation" in SECRET
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_as(actor(alba)),
        connection.cursor() as cursor,
    ):
        cursor.execute("select context from accounts_letter")


def test_somebody_new_sets_name_and_password_and_is_inside(alba):
    offered(alba)
    client = Client()
    assert "Join Larkfield Foods" in client.get(page_of(token_of())).content.decode()
    answer = client.post(page_of(token_of()), {"name": "Owen", "password": "a-long-word-9"})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get(reverse("accounts:settings")).status_code == 200
    with database_role("coterm_owner"):
        owen = User.objects.get(email=NEW)
        assert owen.emailaddress_set.get().verified
        assert Membership.objects.get(user=owen).role == "viewer"


def test_looking_at_it_accepts_nothing(alba):
    offered(alba)
    Client().get(page_of(token_of()))
    with database_role("coterm_owner"):
        assert not User.objects.filter(email=NEW).exists()
        assert Invitation.objects.get().accepted_at is None


def test_a_weak_password_is_refused_and_the_invitation_stays_open(alba):
    offered(alba)
    answer = Client().post(page_of(token_of()), {"name": "Owen", "password": "12345"})
    assert answer.status_code == 422
    assert Client().get(page_of(token_of())).status_code == 200


def test_somebody_known_signs_in_and_joins_with_one_button(alba):
    bruno = MembershipFactory(organisation__kind="advisor", user__email="bruno@meridian.example")
    offered(alba, email="bruno@meridian.example")
    page = page_of(token_of("bruno@meridian.example"))
    assert f"{reverse('account_login')}?next={page}" in Client().get(page).content.decode()
    client = signed_in(bruno)
    assert client.post(page).status_code == 302
    assert client.session["organisation_id"] == str(alba.organisation_id)
    with database_role("coterm_owner"):
        assert Membership.objects.filter(user=bruno.user).count() == 2


def test_a_known_address_cannot_get_a_second_password(alba):
    MembershipFactory(user__email=NEW)
    offered(alba)
    Client().post(page_of(token_of()), {"name": "Thief", "password": "a-long-word-9"})
    with pytest.raises(WrongPerson):
        join_as_new(token_of(), name="Thief", password="a-long-word-9")
    with database_role("coterm_owner"):
        assert User.objects.get(email=NEW).check_password(PASSWORD)


def test_who_is_signed_in_as_another_is_told_so_and_joins_nothing(alba):
    carmen = MembershipFactory()
    offered(alba)
    client = signed_in(carmen)
    answer = client.post(page_of(token_of()))
    assert answer.status_code == 403
    assert "for somebody else" in answer.content.decode()
    with pytest.raises(WrongPerson):
        join(token_of(), carmen.user)


@pytest.mark.parametrize("end", ["accept", "withdraw", "resend", "expire", "absent"])
def test_a_token_that_is_spent_answers_like_one_that_never_was(alba, end):
    invitation = offered(alba)
    token = token_of() if end != "absent" else "x" * 43
    if end == "accept":
        join_as_new(token, name="Owen", password="a-long-word-9")
    with acting_as(actor(alba)):
        if end == "withdraw":
            withdraw(actor(alba), invitation)
        if end == "resend":
            resend(actor(alba), invitation)
    with database_clock(timezone.now() + timedelta(hours=73 if end == "expire" else 0)):
        answer = Client().get(page_of(token))
        with pytest.raises(InvitationGone):
            join_as_new(token, name="Owen", password="a-long-word-9")
    assert answer.status_code == 404
    assert "not open any more" in answer.content.decode()


def test_a_withdrawn_invitation_is_not_mailed_any_more(alba):
    invitation = offered(alba)
    with acting_as(actor(alba)):
        withdraw(actor(alba), invitation)
    with database_role("coterm_worker"):
        assert COMPOSERS["accounts.invitation"](Letter.objects.get()) is None


def test_members_are_not_invited_again(alba):
    with pytest.raises(AlreadyMember):
        offered(alba, email="ALBA@larkfield.example")


@pytest.mark.parametrize("role", [Role.RENEWALS_MANAGER, Role.APPROVER, Role.VIEWER])
def test_only_owners_invite(alba, role):
    member = MembershipFactory(organisation=alba.organisation, role=role)
    with pytest.raises(Forbidden):
        offered(member)


def test_nobody_invites_to_another_organisation(alba):
    stranger = OrganisationFactory()
    with pytest.raises(Forbidden), acting_as(actor(alba)):
        invite(actor(alba), stranger, Offer(email=NEW, role=Role.OWNER))


def test_the_programme_invites_owners_of_every_organisation(alba):
    elena = MembershipFactory(organisation__kind=Kind.PROGRAMME, role=Role.MANAGER)
    with acting_as(actor(elena)):
        invite(actor(elena), alba.organisation, Offer(email=NEW, role=Role.OWNER))
    assert join_as_new(token_of(), name="Owen", password="a-long-word-9").role == Role.OWNER


def test_both_invitation_and_joining_stand_in_the_books(alba):
    offered(alba)
    join_as_new(token_of(), name="Owen", password="a-long-word-9")
    with acting_as(actor(alba)):
        verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["person.invited", "person.joined"]


def test_a_role_of_another_kind_of_organisation_is_not_offered(alba):
    with pytest.raises(ValueError, match="no role"):
        offered(alba, role=Role.MANAGER)


def test_withdrawing_twice_is_written_down_once(alba):
    invitation = offered(alba)
    with acting_as(actor(alba)):
        withdraw(actor(alba), invitation)
        withdraw(actor(alba), invitation)
        assert AuditEntry.objects.filter(verb="person.uninvited").count() == 1


def test_who_became_a_member_meanwhile_keeps_the_role_that_was_given(alba):
    offered(alba, role=Role.VIEWER)
    approver = MembershipFactory(organisation=alba.organisation, user__email=NEW, role=Role.APPROVER)
    assert join(token_of(), approver.user) == approver
    with database_role("coterm_owner"):
        assert Membership.objects.get(user=approver.user).role == Role.APPROVER
        assert Invitation.objects.get().accepted_at


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_joins(alba):
    offered(alba)
    token = token_of()

    def accept(_):
        try:
            return join_as_new(token, name="Owen", password="a-long-word-9") and "joined"
        except InvitationGone:
            return "gone"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, range(2))) == ["gone", "joined"]
    with database_role("coterm_owner"):
        assert Membership.objects.filter(user__email=NEW).count() == 1
