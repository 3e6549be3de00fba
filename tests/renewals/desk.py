"""What the pages of an advisor are tested with: one firm, customers that share with it, and a browser for each."""

from datetime import timedelta

from accounts.tenancy import acting_as
from licences.rules import Scope
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    CoverageFactory,
    FirmFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    ProductFactory,
    actor,
    today,
)


def day(days):
    return today() + timedelta(days)


def firm(name="Meridian Systems"):
    """A firm with its owner, who is also the contact that customers choose."""
    member = MembershipFactory(organisation=FirmFactory(organisation__name=name).organisation, user__name="Bruno Salas")
    member.contact = ContactFactory(firm=member.organisation.firm, user=member.user, name="Bruno Salas")
    return member


def share(member, *, name="Larkfield Foods", days=(12,), product="Gateway 5500", serial="SN-000001-AB4821", **grant):
    """A customer whose coverages expire in `days`, all of them shared with the member's firm."""
    facts = {key: grant.pop(key) for key in ("country", "slug") if key in grant}
    customer = OrganisationFactory(name=name, **facts)
    made = ProductFactory(name=product, customer=customer)
    coverages = [
        CoverageFactory(
            licence=LicenceFactory(customer=customer, product=made, serial=serial),
            expires_on=None if each is None else day(each),
        )
        for each in days
    ]
    grant = {"contact": member.contact, "level": 2, "scope": Scope.ALL.value, **grant}
    AssignmentFactory(customer=customer, advisor=member.organisation, **grant)
    return customer, coverages


def as_actor(member):
    return acting_as(actor(member))
