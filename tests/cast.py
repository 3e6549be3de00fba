"""The cast: Alba owns, Bruno advises, Carmen is the stranger; and the factories that plant many tenants' rows."""

from datetime import date, timedelta
from functools import cache

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Organisation, User
from accounts.rules import AccessLevel, Actor, Kind, Role
from advisors.models import Contact, Firm
from licences.models import Assignment, Coverage, CoverageTerm, Licence, Product, Selection
from licences.rules import Programme, Scope, Status
from tests.hats import database_role

PASSWORD = "coterm-test-9"


def today() -> date:
    return date.today()  # noqa: DTZ011


class Planted(factory.django.DjangoModelFactory):
    """Made in the owner's hat, on the test's own connection and in its transaction."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with database_role("coterm_owner"):
            return super()._create(model_class, *args, **kwargs)


hashed = cache(make_password)  # slow by design, so once a run


class OrganisationFactory(Planted):
    class Meta:
        model = Organisation

    kind = Kind.CUSTOMER.value
    name = factory.Sequence("Organisation {}".format)
    slug = factory.Sequence("organisation-{}".format)
    country = "ES"
    time_zone = "Europe/Madrid"


class FirmFactory(Planted):
    class Meta:
        model = Firm

    organisation = factory.SubFactory(OrganisationFactory, kind=Kind.ADVISOR.value)
    city = "Madrid"


class ContactFactory(Planted):
    class Meta:
        model = Contact

    firm = factory.SubFactory(FirmFactory)
    name = factory.Sequence("Contact {}".format)
    email = factory.Sequence("contact{}@firm.example".format)


class UserFactory(Planted):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@coterm.example".format)
    name = factory.Sequence("Person {}".format)
    password = factory.LazyFunction(lambda: hashed(PASSWORD))

    @factory.post_generation
    def address(user, create, extracted, **kwargs):
        with database_role("coterm_owner"):
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


class MembershipFactory(Planted):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OWNER.value


class ProductFactory(Planted):
    class Meta:
        model = Product

    name = factory.Sequence("Gateway {}".format)


class LicenceFactory(Planted):
    class Meta:
        model = Licence

    customer = factory.SubFactory(OrganisationFactory)
    product = factory.SubFactory(ProductFactory)
    serial = factory.Sequence("SN-{:06}".format)


class CoverageFactory(Planted):
    class Meta:
        model = Coverage

    licence = factory.SubFactory(LicenceFactory)
    customer_id = factory.SelfAttribute("licence.customer_id")
    programme = Programme.SUBSCRIPTION_ADVANTAGE.value
    quantity = 10
    starts_on = factory.LazyFunction(lambda: today() - timedelta(275))
    expires_on = factory.LazyFunction(lambda: today() + timedelta(90))


class TermFactory(Planted):
    class Meta:
        model = CoverageTerm

    coverage = factory.SubFactory(CoverageFactory)
    customer_id = factory.SelfAttribute("coverage.customer_id")
    starts_on = factory.SelfAttribute("coverage.starts_on")
    ends_on = factory.SelfAttribute("coverage.expires_on")
    quantity = factory.SelfAttribute("coverage.quantity")


class AssignmentFactory(Planted):
    """In force unless told otherwise; `picked` ticks coverages for scope *selected*."""

    class Meta:
        model = Assignment
        skip_postgeneration_save = True

    customer = factory.SubFactory(OrganisationFactory)
    advisor = factory.SubFactory(OrganisationFactory, kind=Kind.ADVISOR.value)
    scope = Scope.ALL.value
    level = AccessLevel.VIEW.value
    status = Status.ACTIVE.value
    ends_on = factory.LazyFunction(lambda: today() + timedelta(365))

    @factory.post_generation
    def picked(assignment, create, extracted, **kwargs):
        with database_role("coterm_owner"):
            for coverage in extracted or ():
                Selection.objects.create(customer_id=assignment.customer_id, assignment=assignment, coverage=coverage)


def actor(membership: Membership) -> Actor:
    """The actor that the middleware would make of this membership."""
    organisation = membership.organisation
    return Actor(organisation.pk, Kind(organisation.kind), Role(membership.role), membership.user_id)
