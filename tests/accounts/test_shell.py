"""The frame of every page: where one can go, by kind of organisation, and nowhere that does not exist."""

import pytest
from django.urls import reverse

from accounts.context_processors import address
from accounts.rules import Kind, Role
from tests.cast import FirmFactory, MembershipFactory
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CUSTOMERS = ["Renewals", "Licences", "Advisors", "Quotes", "Certificates", "Reminders", "Activity"]
FIRMS = ["Overview", "Portfolio", "Customers", "Quotes", "Certificates", "Reminders", "Activity"]
DESK = ["Desk", "Customers", "Firms", "Orders", "Prices", "Contacts", "Supplier form", "Support", "Access"]
PROGRAMMES = [*DESK, "Mail", "Activity"]


def shell(member, **kwargs):
    return signed_in(member).get(reverse("accounts:settings"), **kwargs).context["shell"]


@pytest.mark.parametrize(
    ("kind", "role", "labels"),
    [
        (Kind.CUSTOMER, Role.OWNER, CUSTOMERS),
        (Kind.CUSTOMER, Role.VIEWER, CUSTOMERS),
        (Kind.ADVISOR, Role.OWNER, [*FIRMS, "Team"]),
        (Kind.ADVISOR, Role.MEMBER, FIRMS),
        (Kind.DISTRIBUTOR, Role.MEMBER, ["Transfers"]),
        (Kind.PROGRAMME, Role.MANAGER, PROGRAMMES),
    ],
)
def test_each_kind_has_its_pages(kind, role, labels):
    member = MembershipFactory(organisation__kind=kind, role=role)
    assert [str(link.label) for link in shell(member).nav] == labels


@pytest.mark.parametrize(("role", "found"), [(Role.OWNER, True), (Role.VIEWER, False)])
def test_a_customers_owner_finds_the_team_in_the_own_menu(role, found):
    links = shell(MembershipFactory(role=role)).account_links
    assert (reverse("accounts:team") in [link.url for link in links]) is found


def test_the_open_page_is_marked_and_its_neighbours_are_not():
    member = MembershipFactory(organisation__kind=Kind.PROGRAMME, role=Role.MANAGER)
    page = signed_in(member).get(reverse("accounts:programme-customers"))
    assert [str(link.label) for link in page.context["shell"].nav if link.current] == ["Customers"]


def test_both_organisations_of_a_person_can_be_chosen():
    member = MembershipFactory(organisation__name="Larkfield Foods")
    MembershipFactory(user=member.user, organisation__name="Meridian Systems", organisation__kind=Kind.ADVISOR)
    places = shell(member).organisations
    assert [(place.name, place.current) for place in places] == [("Larkfield Foods", True), ("Meridian Systems", False)]


def test_what_does_not_exist_has_no_address():
    assert address("renewals:nowhere") == ""


def test_the_chip_of_a_firm_names_its_tier():
    firm = FirmFactory(organisation__kind=Kind.ADVISOR, tier="gold").organisation
    assert shell(MembershipFactory(organisation=firm)).kind_label == "Partner · Gold"


@pytest.mark.parametrize(("kind", "first"), [(Kind.CUSTOMER, "Pricing schedule"), (Kind.DISTRIBUTOR, "Supplier form")])
def test_the_foot_leads_to_what_may_be_taken_away(kind, first):
    links = shell(MembershipFactory(organisation__kind=kind)).footer_links
    assert str(links[0].label) == first
    assert links[-1].url == reverse("renewals:check")
