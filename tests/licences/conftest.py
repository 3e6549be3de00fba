"""The stage of the access tests: Larkfield with three coverages, Meridian with a contact, and people of every role."""

from datetime import timedelta

import pytest

from accounts.models import Distributor
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Visibility
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    CoverageFactory,
    FirmFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    actor,
    today,
)
from tests.hats import database_role


@pytest.fixture
def larkfield():
    return OrganisationFactory(name="Larkfield Foods")


@pytest.fixture
def firm():
    return FirmFactory(organisation__name="Meridian Systems")


@pytest.fixture
def meridian(firm):
    return firm.organisation


@pytest.fixture
def contact(firm):
    return ContactFactory(firm=firm, name="Lucía Ferrer")


def member(organisation, role):
    return actor(MembershipFactory(organisation=organisation, role=role))


@pytest.fixture
def alba(larkfield):
    return member(larkfield, "owner")


@pytest.fixture
def owen(larkfield):
    return member(larkfield, "renewals_manager")


@pytest.fixture
def bruno(meridian):
    return member(meridian, "owner")


@pytest.fixture
def carmen():
    return member(OrganisationFactory(), "owner")


@pytest.fixture
def coverages(larkfield):
    return [
        CoverageFactory(licence=LicenceFactory(customer=larkfield), expires_on=today() + timedelta(30 * n))
        for n in (1, 2, 3)
    ]


@pytest.fixture
def renewing(larkfield, meridian, contact, coverages):
    """Meridian has level Renew on the first two of three coverages."""
    return AssignmentFactory(
        customer=larkfield,
        advisor=meridian,
        contact=contact,
        scope="selected",
        level=AccessLevel.RENEW,
        picked=coverages[:2],
    )


@pytest.fixture
def seen():
    """What an actor sees now: the level by coverage."""

    def levels(who):
        with acting_as(who):
            return {v.coverage_id: v.access_level for v in Visibility.objects.visible_to(who)}

    return levels


@pytest.fixture
def nortegate():
    """A distributor, certified, where Farid works."""
    distributor = OrganisationFactory(kind="distributor", name="Nortegate")
    with database_role("coterm_owner"):
        Distributor.objects.create(organisation=distributor, certified_until=today() + timedelta(200))
    return distributor


@pytest.fixture
def farid(nortegate):
    return member(nortegate, "member")
