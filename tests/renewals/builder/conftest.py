"""Larkfield Foods on 22 November 2026, with the prices of the design's examples."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from renewals.models import Price, PriceSchedule
from tests.cast import CoverageFactory, LicenceFactory, MembershipFactory, ProductFactory
from tests.clients import signed_in
from tests.hats import database_role, stop_clock

AMOUNTS = {"A": 44, "B": 120, "C": 1500}


@pytest.fixture(autouse=True)
def clock():
    stop_clock(datetime(2026, 11, 22, 12, tzinfo=UTC))


@pytest.fixture
def products():
    return {name: ProductFactory(name=f"Product {name}", customer=None) for name in AMOUNTS}


@pytest.fixture(autouse=True)
def schedule(products):
    with database_role("coterm_owner"):
        made = PriceSchedule.objects.create(programme="sa", valid_from=date(2026, 1, 1))
        for name, amount in AMOUNTS.items():
            Price.objects.create(schedule=made, product=products[name], currency="EUR", months=12, amount=amount)
        Price.objects.create(schedule=made, product=products["A"], currency="USD", months=12, amount=50)
        PriceSchedule.objects.filter(pk=made.pk).update(state="published", published_at=timezone.now())


@pytest.fixture
def alba():
    return MembershipFactory(organisation__name="Larkfield Foods", organisation__slug="larkfield")


@pytest.fixture
def own(alba, products):
    """Adds a coverage of Larkfield's."""

    def add(name, quantity, expires_on):
        licence = LicenceFactory(customer=alba.organisation, product=products[name])
        return CoverageFactory(licence=licence, quantity=quantity, starts_on=date(2020, 1, 1), expires_on=expires_on)

    return add


@pytest.fixture
def three(own):
    return [
        own("A", 50, date(2026, 12, 31)),
        own("B", 10, date(2027, 3, 31)),
        own("C", 1, date(2027, 9, 15)),
    ]


@pytest.fixture
def browser(alba):
    return signed_in(alba)
