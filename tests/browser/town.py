"""Who is there before the walk: a customer without licences, a firm that may help, and strangers to both."""

from accounts.rules import Kind, Role
from advisors.services import index_firm
from tests.cast import ContactFactory, FirmFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.hats import database_role

ALBA, OWEN = "alba@larkfield.example", "owen@larkfield.example"
BRUNO = "bruno@meridian.example"
CARMEN = "carmen@tidewater.example"
DIEGO = "diego@halyard.example"


def settle(language: str) -> None:
    """Larkfield (Alba owns, Owen renews), Meridian (Bruno), the strangers Carmen and Diego; all speak `language`."""
    larkfield = organisation("Larkfield Foods", "larkfield")
    person(larkfield, ALBA, "Alba Torres", Role.OWNER, language)
    person(larkfield, OWEN, "Owen Pryce", Role.RENEWALS_MANAGER, language)
    meridian = firm("Meridian Systems", "meridian")
    bruno = person(meridian, BRUNO, "Bruno Vidal", Role.OWNER, language)
    ContactFactory(firm=meridian.firm, user=bruno, name=bruno.name, email=BRUNO, language=language)
    person(firm("Halyard & Birch", "halyard"), DIEGO, "Diego Sanz", Role.MEMBER, language)
    person(organisation("Tidewater Legal", "tidewater"), CARMEN, "Carmen Blake", Role.OWNER, language)


def organisation(name: str, slug: str, kind: Kind = Kind.CUSTOMER):
    return OrganisationFactory(name=name, slug=slug, kind=kind.value)


def firm(name: str, slug: str):
    made = organisation(name, slug, Kind.ADVISOR)
    with database_role("coterm_owner"):
        index_firm(FirmFactory(organisation=made))
    return made


def person(organisation, email: str, name: str, role: Role, language: str):
    user = UserFactory(email=email, name=name, language=language, time_zone="Europe/Madrid")
    MembershipFactory(organisation=organisation, user=user, role=role.value)
    return user
