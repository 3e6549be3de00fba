"""The programme keeps the firms of the directory; a firm's owners keep its contacts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Invitation, Organisation
from accounts.rules import Kind, Role
from accounts.tenancy import acting_as
from advisors.models import Contact, Firm, FirmWord
from advisors.services import end_contact
from tests.cast import ContactFactory, FirmFactory, MembershipFactory, actor, today
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
FIRM = {
    "name": "Cascadia Systems",
    "slug": "cascadia",
    "country": "US",
    "us_state": "WA",
    "city": "Seattle",
    "phone": "+1 206 555 0100",
    "tier": "gold",
    "agreement_active": "on",
    "language": "en",
    "time_zone": "America/Los_Angeles",
    "person": "Dana Wu",
    "email": "dana@cascadia.example",
}


@pytest.fixture
def elena():
    return MembershipFactory(organisation__kind=Kind.PROGRAMME, role=Role.MANAGER)


@pytest.fixture
def bruno():
    firm = FirmFactory(organisation__slug="meridian", organisation__name="Meridian Systems")
    return MembershipFactory(organisation=firm.organisation)


def seen(question):
    with database_role("coterm_owner"):
        return question()


def test_a_firm_is_added_found_and_its_owner_invited(elena):
    answer = signed_in(elena).post(reverse("firms:new"), FIRM)
    assert answer.status_code == 303, answer.content.decode()
    firm = seen(lambda: Firm.objects.select_related("organisation").get())
    assert (firm.tier, firm.us_state, firm.organisation.kind) == ("gold", "WA", "advisor")
    assert seen(lambda: Invitation.objects.get()).role == "owner"
    assert seen(lambda: Contact.objects.get()).name == "Dana Wu"
    found = signed_in(MembershipFactory()).get(reverse("advisors:search"), {"country": "US-WA", "q": "casc"})
    assert "Seattle" in found.content.decode()


def test_an_american_firm_needs_its_state(elena):
    answer = signed_in(elena).post(reverse("firms:new"), FIRM | {"us_state": ""})
    assert answer.status_code == 422
    assert not seen(Organisation.objects.filter(kind="advisor").exists)


def test_a_firms_name_and_tier_are_changed_and_search_follows(elena, bruno):
    client, page = signed_in(elena), reverse("firms:edit", args=["meridian"])
    assert "Meridian Systems" in client.get(page).content.decode()
    client.post(page, FIRM | {"name": "Zenith Works", "slug": "zenith", "tier": "platinum"})
    assert seen(lambda: Firm.objects.get()).tier == "platinum"
    words = seen(lambda: set(FirmWord.objects.values_list("word", "us_state")))
    assert words == {("zenith works", "WA"), ("works", "WA")}


@pytest.mark.parametrize("name", ["firms:list", "firms:new"])
def test_the_desk_is_the_programmes(elena, bruno, name):
    assert signed_in(elena).get(reverse(name)).status_code == 200
    assert signed_in(bruno).get(reverse(name)).status_code == 403


def test_the_list_costs_the_same_with_more_firms(elena, bruno, django_assert_max_num_queries):
    client = signed_in(elena)
    with django_assert_max_num_queries(8) as few:
        client.get(reverse("firms:list"))
    FirmFactory.create_batch(60)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert 'rel="next"' in client.get(reverse("firms:list")).content.decode()


def test_owners_keep_the_contacts_of_their_firm(bruno):
    client = signed_in(bruno)
    person = {"name": "Lucía Ferrer", "email": "lucia@meridian.example", "language": "es"}
    client.post(reverse("firm-contacts:new"), person)
    contact = seen(lambda: Contact.objects.get())
    assert client.post(reverse("firm-contacts:new"), person).status_code == 422
    client.post(reverse("firm-contacts:edit", args=[contact.pk]), person | {"title": "Account manager"})
    assert not seen(lambda: Contact.objects.get()).single_mails
    assert "Account manager" in client.get(reverse("firm-contacts:list")).content.decode()
    leave = reverse("firm-contacts:leave", args=[contact.pk])
    assert "Has Lucía Ferrer left your firm?" in client.get(leave).content.decode()
    assert not seen(lambda: Contact.objects.get()).left_on
    client.post(leave)
    assert seen(lambda: Contact.objects.get()).left_on
    assert "Lucía" not in client.get(reverse("firm-contacts:list")).content.decode()


def test_how_mail_is_wanted_is_said_for_desks_and_left_to_people_who_sign_in(bruno):
    client = signed_in(bruno)
    desk = {"name": "Renewals desk", "email": "desk@meridian.example", "language": "en", "single_mails": "on"}
    client.post(reverse("firm-contacts:new"), desk)
    contact = seen(lambda: Contact.objects.get())
    assert contact.single_mails
    page = reverse("firm-contacts:edit", args=[contact.pk])
    client.post(page, desk | {"email": bruno.user.email})
    assert seen(lambda: Contact.objects.get()).user_id == bruno.user.pk
    assert "single_mails" not in client.get(page).content.decode()
    client.post(page, desk | {"single_mails": ""})
    contact = seen(lambda: Contact.objects.get())
    assert (contact.single_mails, contact.user_id) == (True, None)  # a desk again: nobody's own address gets its mails


def test_members_and_strangers_do_not(bruno):
    member = MembershipFactory(organisation=bruno.organisation, role=Role.MEMBER)
    assert signed_in(member).get(reverse("firm-contacts:list")).status_code == 403
    foreign = ContactFactory()
    for name in ("edit", "leave"):
        assert signed_in(bruno).post(reverse(f"firm-contacts:{name}", args=[foreign.pk])).status_code == 404


def test_a_new_name_alone_leaves_the_entry_of_the_directory_as_it_was(elena):
    signed_in(elena).post(reverse("firms:new"), FIRM)
    signed_in(elena).post(reverse("firms:edit", args=["cascadia"]), FIRM | {"name": "Zenith Works"})
    assert seen(lambda: Organisation.objects.get(slug="cascadia")).name == "Zenith Works"
    verbs = seen(lambda: set(AuditEntry.objects.values_list("verb", flat=True)))
    assert "organisation.changed" in verbs
    assert "firm.changed" not in verbs


def test_a_contact_leaves_once(bruno):
    contact = ContactFactory(firm_id=bruno.organisation_id)
    with acting_as(actor(bruno)):
        end_contact(actor(bruno), contact, today=today())
        end_contact(actor(bruno), contact, today=today() + timedelta(1))
        assert AuditEntry.objects.filter(verb="firm.contact_left").count() == 1
    assert seen(lambda: Contact.objects.get()).left_on == today()
