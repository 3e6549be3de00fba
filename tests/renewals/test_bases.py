"""Bases: what a quote rests on, read in a fixed number of statements, under the reader's own walls."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.keys import new_id
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.rules import Scope
from renewals.demo.draws import table
from renewals.demo.prices import load_prices
from renewals.models import Price, PriceSchedule, RenewalPolicy, TierDiscount
from renewals.rules.coterm import cost_free
from renewals.rules.positions import Entitlement, positions
from renewals.rules.quoting import calculate
from renewals.rules.refusals import NoPrice, Unpriced
from renewals.services.bases import basis_for, policies_on
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory, ProductFactory, actor
from tests.hats import database_role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def publish(product, *amounts, programme="sa", begins_on=date(2026, 1, 1), ends_on=None, currency="EUR"):
    """A published version with a one-year price for each amount, each for another product if there are several."""
    with database_role("coterm_owner"):
        schedule = PriceSchedule.objects.create(programme=programme, valid_from=begins_on, valid_to=ends_on)
        for each, amount in zip(product if isinstance(product, list) else [product], amounts, strict=True):
            Price.objects.create(schedule=schedule, product=each, currency=currency, months=12, amount=amount)
        PriceSchedule.objects.filter(pk=schedule.pk).update(state="published", published_at=timezone.now())
    return schedule


def owned(product, *, quantity=50, expires_on=date(2026, 12, 31), currency="EUR", programme="sa"):
    return Entitlement(new_id(), product.pk, programme, currency, quantity, expires_on)


@pytest.fixture
def alba():
    return actor(MembershipFactory(organisation__kind="customer", role="owner"))


def test_the_worked_example_comes_from_the_tables_to_the_cent(alba):
    products = [ProductFactory() for _ in range(3)]
    publish(products, 44, 120, 1500)
    held = [
        owned(products[0]),
        owned(products[1], quantity=10, expires_on=date(2027, 3, 31)),
        owned(products[2], quantity=1, expires_on=date(2027, 9, 15)),
    ]
    with acting_as(alba):
        basis = basis_for(held, priced_on=TODAY)
    assert calculate(positions(held, basis), date(2027, 12, 31)).totals == {"EUR": Decimal("3540.16")}


def test_two_thousand_lines_take_the_statements_of_one(alba, django_assert_num_queries):
    products = [ProductFactory() for _ in range(5)]
    publish(products, *range(10, 15))
    for count in (1, 400):
        held = [owned(product, quantity=1 + n) for n in range(count) for product in products]
        with acting_as(alba), django_assert_num_queries(3):
            basis_for(held, priced_on=TODAY, tier="gold")


def test_a_coverage_without_a_price_is_named_and_others_are_not(alba):
    known, unknown = ProductFactory(), ProductFactory()
    publish(known, 44)
    held = [owned(known), owned(unknown), owned(known, currency="USD"), owned(known, programme="hw")]
    with acting_as(alba), pytest.raises(Unpriced) as refusal:
        positions(held, basis_for(held, priced_on=TODAY))
    assert {key: type(fault) for key, fault in refusal.value.faults.items()} == {
        each.coverage: NoPrice for each in held[1:]
    }


@pytest.mark.parametrize(
    ("day", "amount"),
    [(date(2026, 12, 31), 44), (date(2027, 1, 1), 46), (date(2027, 6, 30), 46)],
)
def test_both_days_of_a_version_count(alba, day, amount):
    product = ProductFactory()
    publish(product, 44, ends_on=date(2026, 12, 31))
    publish(product, 46, begins_on=date(2027, 1, 1), ends_on=date(2027, 6, 30))
    held = [owned(product, expires_on=date(2027, 12, 31))]
    with acting_as(alba):
        (position,) = positions(held, basis_for(held, priced_on=day))
    assert position.tariff.price(1) == amount


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1), date(2027, 1, 31)])
def test_between_two_versions_there_is_no_price(alba, day):
    product = ProductFactory()
    publish(product, 44, ends_on=date(2026, 12, 31))
    publish(product, 46, begins_on=date(2027, 2, 1))
    held = [owned(product)]
    with acting_as(alba), pytest.raises(Unpriced):
        positions(held, basis_for(held, priced_on=day))


@pytest.mark.parametrize("level", [AccessLevel.VIEW, AccessLevel.QUOTE])
def test_a_firm_reads_prices_while_a_customer_lets_it_quote(level):
    product, bruno = ProductFactory(), MembershipFactory(organisation__kind="advisor")
    publish(product, 44)
    licence = LicenceFactory(product=product)
    CoverageFactory(licence=licence)
    AssignmentFactory(customer=licence.customer, advisor=bruno.organisation, scope=Scope.ALL, level=level)
    with acting_as(actor(bruno)):
        assert Price.objects.count() == Price.objects.visible_to(actor(bruno)).count() == level - 1
        assert bool(basis_for([owned(product)], priced_on=TODAY).prices._rows) is (level >= AccessLevel.QUOTE)


def test_each_currency_has_its_own_minor_unit(alba):
    held = [owned(ProductFactory(), currency=currency) for currency in ("EUR", "JPY", "KWD")]
    with acting_as(alba):
        units = basis_for(held, priced_on=TODAY).units
    assert units == {"EUR": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.001")}


def test_the_newest_policy_that_has_begun_counts(alba):
    with database_role("coterm_owner"):
        for days, fee in ((-400, "0.10"), (-1, "0.12"), (1, "0.15")):
            RenewalPolicy.objects.create(programme="sa", valid_from=TODAY + timedelta(days), fee=fee)
    with acting_as(alba):
        assert {code: policy.fee for code, policy in policies_on(TODAY).items()} == {"sa": Decimal("0.12")}
        assert policies_on(TODAY - timedelta(401)) == {}


def test_a_firm_of_a_tier_takes_its_discount(alba):
    with database_role("coterm_owner"):
        for days, share in ((-400, "0.02"), (-1, "0.04")):
            TierDiscount.objects.create(tier="gold", valid_from=TODAY + timedelta(days), share=share)
    with acting_as(alba):
        discounts = [basis_for([], priced_on=TODAY, tier=tier).discount for tier in ("gold", "silver", "")]
    assert discounts == [Decimal("0.04"), 0, 0]


def test_the_demo_prices_reproduce_the_worked_examples(alba):
    codes = table("products")
    products = {code: ProductFactory(name=facts["name"]) for code, facts in codes.items()}
    with database_role("coterm_owner"):
        for _again in range(2):
            load_prices(datetime(2026, 11, 22, 12, tzinfo=UTC))
        assert PriceSchedule.objects.filter(state="published").count() == 12
    held = [
        owned(products["WDE"]),
        owned(products["ASP"], quantity=10, expires_on=date(2027, 3, 31)),
        owned(products["DC75"], quantity=1, expires_on=date(2027, 9, 15), programme="hw"),
    ]
    with acting_as(alba):
        found = positions(held, basis_for(held, priced_on=TODAY))
    assert calculate(found, date(2027, 12, 31)).totals == {"EUR": Decimal("3540.16")}
    assert cost_free(found, currency="EUR").ends_on == date(2027, 4, 11)


@pytest.mark.parametrize(
    ("expires_on", "ends_on", "total"),
    [
        (date(2026, 12, 31), date(2027, 6, 30), "1090.96"),
        (date(2026, 8, 24), date(2027, 11, 22), "2795.23"),
        (date(2025, 3, 31), date(2027, 11, 22), "3300.00"),
        (date(2025, 3, 31), date(2028, 3, 31), "4081.42"),
    ],
)
def test_lapsed_cover_costs_what_the_policies_of_the_demo_say(alba, expires_on, ends_on, total):
    product, *_others = [ProductFactory(name=facts["name"]) for facts in table("products").values()]
    with database_role("coterm_owner"):
        load_prices(datetime(2026, 11, 22, 12, tzinfo=UTC))
    held = [owned(product, expires_on=expires_on)]
    with acting_as(alba):
        found = positions(held, basis_for(held, priced_on=TODAY))
    assert calculate(found, ends_on).totals == {"EUR": Decimal(total)}
