"""A customer with an advisor, priced coverages, and quotes made by the services themselves."""

from datetime import timedelta
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as, set_actor
from renewals.models import Price, PriceSchedule
from renewals.rules.choice import Choice
from renewals.services.acceptance import Taken, accept
from renewals.services.candidates import buyer
from renewals.services.quotes import save_draft, submit
from tests.cast import (
    AssignmentFactory,
    CoverageFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    ProductFactory,
    TermFactory,
    actor,
    today,
)
from tests.hats import database_role


def make_house(*, coverages=2, level=AccessLevel.RENEW):
    """Larkfield with Alba, Owen and Ana; Meridian with Bruno, who may do what `level` says; Elena of the programme."""
    house = SimpleNamespace(customer=OrganisationFactory(country="ES"), product=ProductFactory())
    house.alba = MembershipFactory(organisation=house.customer)
    house.owen = MembershipFactory(organisation=house.customer, role="renewals_manager")
    house.bruno = MembershipFactory(organisation__kind="advisor")
    house.elena = MembershipFactory(organisation__kind="programme", role="manager")
    house.coverages = [covered(house) for _ in range(coverages)]
    house.grant = AssignmentFactory(customer=house.customer, advisor=house.bruno.organisation, level=level)
    publish(house.product)
    return house


def covered(house, **fields):
    licence = LicenceFactory(customer=house.customer, product=house.product)
    coverage = CoverageFactory(licence=licence, **fields)
    return TermFactory(coverage=coverage, starts_on=coverage.expires_on - timedelta(364)).coverage


def publish(product, *, currency="EUR", amount=44):
    with database_role("coterm_owner"):
        schedule = PriceSchedule.objects.create(programme="sa", valid_from=today() - timedelta(400))
        Price.objects.create(schedule=schedule, product=product, currency=currency, months=12, amount=amount)
        PriceSchedule.objects.filter(pk=schedule.pk).update(state="published", published_at=timezone.now())


def acting(membership):
    """This person acts from here on."""
    who = actor(membership)
    set_actor(who)
    return who


def drafted(house, membership, *, coverages=None, query=""):
    who = acting(membership)
    named = "&".join(f"coverage={each.pk}" for each in coverages or house.coverages)
    choice = Choice.read(f"customer={house.customer.slug}&{named}&{query}")
    return save_draft(who, choice, buyer=buyer(who, house.customer.slug), notes="As discussed.")


def submitted(house, membership=None, **how):
    quote = drafted(house, membership or house.bruno, **how)
    return submit(acting(membership or house.bruno), quote=quote, version=quote.version)


def offered(house):
    """A quote by Bruno that Alba may accept."""
    bruno = actor(house.bruno)
    with database_role("coterm_web"), acting_as(bruno):
        quote = drafted(house, house.bruno)
        return submit(bruno, quote=quote, version=quote.version)


def accepted(house, quote, key):
    """The order that Alba is told of, whether she made it or somebody was faster; for a thread of its own."""
    alba = actor(house.alba)
    try:
        with database_role("coterm_web"), acting_as(alba):
            return accept(alba, quote=quote, key=key).pk
    except Taken as taken:
        return taken.order and taken.order.pk
    finally:
        connection.close()
