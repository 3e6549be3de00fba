"""Building a quote on the page: each worked example of the design, to the cent."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.utils import timezone

from renewals.models import Price, PriceSchedule
from tests.cast import (
    CoverageFactory,
    LicenceFactory,
    MembershipFactory,
    ProductFactory,
)
from tests.clients import signed_in
from tests.hats import database_role, stop_clock

pytestmark = pytest.mark.django_db
NEW, CHANGE = "/quotes/new/", "/quotes/new/change/"
LEVELS = {"A": 44, "B": 120, "C": 1500}


@pytest.fixture(autouse=True)
def clock():
    stop_clock(datetime(2026, 11, 22, 12, tzinfo=UTC))


@pytest.fixture
def products():
    return {name: ProductFactory(name=f"Product {name}", customer=None) for name in LEVELS}


@pytest.fixture(autouse=True)
def schedule(products):
    with database_role("coterm_owner"):
        made = PriceSchedule.objects.create(programme="sa", valid_from=date(2026, 1, 1))
        for name, amount in LEVELS.items():
            Price.objects.create(schedule=made, product=products[name], currency="EUR", months=12, amount=amount)
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


def shown(browser, query="", path=NEW):
    """The page's words, without markup."""
    page = browser.get(f"{path}?{query}")
    assert page.status_code == 200
    return words(page)


def words(page):
    text = re.sub(r"<[^>]+>", " ", page.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", unescape(text).replace("\u00a0", " "))


def bill(browser, query=""):
    text = shown(browser, query)
    return text[text.index("Total, ") :]


def test_one_coverage_to_one_date(browser, own):
    own("A", 50, date(2026, 12, 31))
    text = shown(browser, "mode=date&date=2027-06-30")
    assert "Total, all lines to 30 Jun 2027 €1,090.96" in text
    assert "50 × €44.00 × 181/365 = 1,090.958904… → €1,090.96" in text


def test_several_coverages_to_one_date(browser, three):
    text = shown(browser)
    assert "Total, all lines to 31 Dec 2027 €3,540.16" in text
    assert "50 × €44.00 × 1 = €2,200.00" in text
    assert "10 × €120.00 × 275/366 = 901.639344… → €901.64" in text
    assert "€1,500.00 × 107/366 = 438.52459… → €438.52" in text


def test_a_date_at_no_cost(browser, three):
    text = shown(browser, "mode=cost_free")
    assert "Total, all lines to 11 Apr 2027 €0.00" in text
    assert "Product C: 157 days less." in text
    assert "The customer has to consent to it." in text


def test_lapsed_cover_is_reinstated_with_its_fee(browser, own):
    own("A", 50, date(2026, 8, 24))
    text = shown(browser, "mode=latest")
    assert "Total, all lines to 22 Nov 2027 €2,795.23" in text
    for part in ("€2,740.98", "of which 90 days without cover €542.47", "10% of these €54.25"):
        assert part in text


@pytest.mark.parametrize(
    ("query", "total"),
    [("mode=latest", "22 Nov 2027 €3,300.00"), ("mode=date&date=2028-03-31", "31 Mar 2028 €4,081.42")],
)
def test_cover_that_lapsed_long_ago_is_recovered(browser, own, query, total):
    own("A", 50, date(2025, 3, 31))
    text = shown(browser, query)
    assert f"Total, all lines to {total}" in text
    assert "recovery" in text and "50 × (€44.00 × " in text


def test_a_budget_finds_its_date(browser, own):
    own("A", 50, date(2025, 3, 31))
    text = shown(browser, "budget=4500.00")
    assert "It covers every line to 8 Jun 2028 ." in text
    assert "That costs €4,496.17 and leaves €3.83. One day more: €4,502.19." in text
    answer = browser.post(CHANGE, {"state": "budget=4500.00", "fit": "2028-06-08", "budget": "4,500.00"})
    assert "Total, all lines to 8 Jun 2028 €4,496.17" in words(browser.get(answer["Location"]))
