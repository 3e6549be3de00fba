"""The programme's desk: customers, distributors, contacts; managers see no licences."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, CountryContact, Invitation, Letter, Membership, Organisation, User
from accounts.permissions import Forbidden
from accounts.rules import Kind, Role
from accounts.services.invitations import Offer
from accounts.services.organisations import Particulars, change_organisation, create_organisation
from accounts.tenancy import acting_as
from tests.cast import LicenceFactory, MembershipFactory, OrganisationFactory, actor
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
CUSTOMER = {
    "name": "Larkfield Foods",
    "slug": "",
    "country": "ES",
    "language": "es",
    "time_zone": "Europe/Madrid",
    "person": "Alba Ruiz",
    "email": "alba@larkfield.example",
}
PAGES = ("programme", "programme-customers", "programme-distributors", "programme-contacts", "programme-customers-new")


@pytest.fixture
def elena():
    return MembershipFactory(organisation__kind=Kind.PROGRAMME, role=Role.MANAGER, user__name="Elena")


def seen(question):
    with database_role("coterm_owner"):
        return question()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_managers_open_every_page_of_the_desk(elena, name, language):
    OrganisationFactory(name="Larkfield Foods", country="PT")
    seen(lambda: User.objects.filter(pk=elena.user_id).update(language=language))
    assert signed_in(elena).get(reverse(f"accounts:{name}")).status_code == 200


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.ADVISOR, Kind.DISTRIBUTOR])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_else_does(kind, name):
    member = MembershipFactory(organisation__kind=kind, role=Role.MEMBER if kind is Kind.DISTRIBUTOR else Role.OWNER)
    assert signed_in(member).get(reverse(f"accounts:{name}")).status_code == 403


def test_a_customer_is_added_and_its_owner_invited(elena):
    answer = signed_in(elena).post(reverse("accounts:programme-customers-new"), CUSTOMER)
    assert answer.status_code == 303, answer.content.decode()
    customer = seen(lambda: Organisation.objects.get(slug="larkfield-foods"))
    assert (customer.kind, customer.time_zone, customer.language) == ("customer", "Europe/Madrid", "es")
    invitation = seen(lambda: Invitation.objects.get())
    assert (invitation.email, invitation.role, invitation.language) == ("alba@larkfield.example", "owner", "es")
    assert seen(lambda: Letter.objects.get()).kind == "accounts.invitation"


def test_a_short_name_is_given_once(elena):
    OrganisationFactory(slug="larkfield-foods")
    answer = signed_in(elena).post(reverse("accounts:programme-customers-new"), CUSTOMER)
    assert answer.status_code == 422
    assert "Another organisation has this short name" in answer.content.decode()


@pytest.mark.parametrize("word", ["new", "ask", "access"])
def test_words_of_addresses_are_no_short_names(elena, word):
    answer = signed_in(elena).post(reverse("accounts:programme-customers-new"), CUSTOMER | {"slug": word})
    assert answer.status_code == 422


def test_a_customers_particulars_are_changed(elena):
    customer = OrganisationFactory(slug="larkfield", name="Larkfield")
    client, page = signed_in(elena), reverse("accounts:programme-customers-edit", args=["larkfield"])
    assert "Larkfield" in client.get(page).content.decode()
    client.post(page, CUSTOMER | {"slug": "larkfield", "time_zone": "Europe/Lisbon"})
    assert seen(lambda: Organisation.objects.get(pk=customer.pk)).time_zone == "Europe/Lisbon"


def test_another_owner_is_invited_from_the_customers_page(elena):
    OrganisationFactory(slug="larkfield")
    page = reverse("accounts:programme-customers-edit", args=["larkfield"])
    form = {"invite-email": "owen@larkfield.example", "invite-role": "owner", "invite-language": "en", "next": page}
    answer = signed_in(elena).post(reverse("accounts:programme-invite", args=["larkfield"]), form)
    assert answer["Location"] == page
    invitation = seen(lambda: Invitation.objects.get())
    assert "owen@larkfield.example" in signed_in(elena).get(page).content.decode()
    signed_in(elena).post(reverse("accounts:uninvite", args=[invitation.pk]), {"next": page})
    assert seen(lambda: Invitation.objects.get()).withdrawn_at


def test_the_list_is_searched_and_costs_the_same_with_more(elena, django_assert_max_num_queries):
    OrganisationFactory(name="Larkfield Foods")
    client, page = signed_in(elena), reverse("accounts:programme-customers")
    assert "Larkfield" in client.get(page, {"q": "lark"}).content.decode()
    assert "Nothing has this name" in client.get(page, {"q": "xyz"}).content.decode()
    with django_assert_max_num_queries(8) as few:
        client.get(page)
    OrganisationFactory.create_batch(60)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert 'rel="next"' in client.get(page).content.decode()


def test_managers_see_no_licences(elena):
    licence = LicenceFactory(customer__slug="larkfield", serial="SN-CANARY")
    client = signed_in(elena)
    pages = [reverse("accounts:programme-customers-edit", args=["larkfield"]), reverse("accounts:programme")]
    assert all("SN-CANARY" not in client.get(page).content.decode() for page in pages)
    with acting_as(actor(elena)):
        assert not type(licence).objects.exists()


def test_contacts_are_named_changed_and_removed(elena):
    client, desk = (
        signed_in(elena),
        {"country": "ES", "name": "Eva", "phone": "+34 1", "email": "eva@programme.example"},
    )
    client.post(reverse("accounts:programme-contact-new"), desk)
    contact = seen(lambda: CountryContact.objects.get())
    assert client.post(reverse("accounts:programme-contact-new"), desk).status_code == 422
    client.post(reverse("accounts:programme-contact", args=[contact.pk]), desk | {"hours": "9–17"})
    assert seen(lambda: CountryContact.objects.get()).hours == "9–17"
    client.post(reverse("accounts:programme-contact-remove", args=[contact.pk]))
    assert not seen(CountryContact.objects.exists)


def test_only_the_programme_adds_organisations():
    alba = MembershipFactory()
    particulars = Particulars(name="X", slug="x", country="ES", language="en", time_zone="UTC")
    with pytest.raises(Forbidden), acting_as(actor(alba)):
        create_organisation(actor(alba), Kind.CUSTOMER, particulars, first=Offer(email="x@x.example", role=Role.OWNER))


def test_saving_the_same_particulars_stands_in_no_book(elena):
    customer = OrganisationFactory()
    same = Particulars(**{name: getattr(customer, name) for name in Particulars.__dataclass_fields__})
    with acting_as(actor(elena)):
        change_organisation(actor(elena), customer, same)
        assert not AuditEntry.objects.exists()


def appointed(capsys, *words):
    with database_role("coterm_owner"):
        call_command("create_programme_manager", *words)
    return capsys.readouterr().out


def test_the_first_manager_begins_with_a_printed_link(capsys):
    out = appointed(capsys, "Elena@programme.example", "--name", "Elena")
    link = re.search(r"/accounts/password/reset/key/\S+", out)[0]
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "a-long-word-9", "password2": "a-long-word-9"})
    client.post(reverse("account_login"), {"login": "elena@programme.example", "password": "a-long-word-9"})
    assert client.get(reverse("accounts:programme")).status_code == 200


def test_appointing_again_adds_nothing(capsys):
    appointed(capsys, "elena@programme.example")
    appointed(capsys, "elena@programme.example")
    appointed(capsys, "eva@programme.example")
    counts = seen(lambda: [m.objects.count() for m in (Organisation, Membership, EmailAddress)])
    assert counts == [1, 2, 2]


def test_who_has_a_password_keeps_it(capsys):
    alba = MembershipFactory(user__email="alba@larkfield.example")
    out = appointed(capsys, "alba@larkfield.example")
    assert "signs in as before" in out
    assert "/reset/" not in out
    assert seen(lambda: Membership.objects.filter(user=alba.user).count()) == 2


def test_what_is_no_address_is_refused():
    with database_role("coterm_owner"), pytest.raises(CommandError, match="not an e-mail address"):
        call_command("create_programme_manager", "elena")
