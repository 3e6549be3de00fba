"""The design's examples in short words, and strategies for all the others."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from renewals.rules.policy import DEFAULT, Policy
from renewals.rules.positions import Basis, Entitlement, Position, position
from renewals.rules.pricing import PriceRow, Prices, Tariff, Term

TODAY = date(2026, 11, 22)
CENT = Decimal("0.01")
UNITS = {"EUR": CENT, "JPY": Decimal(1)}
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def term(years, amount):
    return Term(12 * years, Decimal(amount))


def row(amount, *, product=A, months=12, **fields):
    fields = {"currency": "EUR", "valid_from": date(2000, 1, 1), **fields}
    return PriceRow(product=product, programme="sa", months=months, amount=Decimal(amount), **fields)


def owned(quantity, expires_on, *, coverage=A, **fields):
    fields = {"product": coverage, "programme": "sa", "currency": "EUR", **fields}
    return Entitlement(coverage=coverage, quantity=quantity, expires_on=expires_on, **fields)


def basis(*rows, priced_on=TODAY, policy=DEFAULT, discount="0"):
    return Basis(priced_on, Prices(rows), UNITS, policies={"sa": policy}, discount=Decimal(discount))


def held(quantity, amount, expires_on, *, coverage=A, currency="EUR", last_cover_on=None, **terms):
    """A coverage whose year costs `amount` a seat, on its pricing day."""
    entitlement = owned(quantity, expires_on, coverage=coverage, currency=currency, last_cover_on=last_cover_on)
    return position(entitlement, basis(row(amount, product=coverage, currency=currency), **terms))


def lapsed_days(days, *, quantity=50, amount="44", **terms):
    return held(quantity, amount, TODAY - timedelta(days), **terms)


def synchronised():
    """The three coverages of the design's example."""
    return (
        held(50, "44", date(2026, 12, 31), coverage=A),
        held(10, "120", date(2027, 3, 31), coverage=B),
        held(1, "1500", date(2027, 9, 15), coverage=C),
    )


def hundredths(whole):
    """Drawn as whole numbers, which hypothesis does far faster than decimals."""
    return Decimal(whole).scaleb(-2)


days = st.dates(date(2019, 1, 1), date(2032, 12, 31)) | st.sampled_from(
    [date(2020, 2, 29), date(2024, 2, 28), date(2024, 2, 29), date(2028, 2, 29), date(2028, 3, 1)]
)
quantities = st.integers(1, 5000)
amounts = st.integers(0, 500_000).map(hundredths)
lapses = st.integers(-900, 900) | st.sampled_from([-1, 0, 1, 364, 365, 366])
policies = st.tuples(st.integers(0, 100), st.integers(100, 300), st.integers(0, 24)).map(
    lambda drawn: Policy(fee=hundredths(drawn[0]), factor=hundredths(drawn[1]), minimum_months=drawn[2])
)
discounts = st.sampled_from(["0", "0.04", "0.33"]).map(Decimal)


def published(*months):
    """Tariffs with those terms, at any prices."""
    prices = st.tuples(*(amounts for _ in months))
    return prices.map(lambda drawn: Tariff(tuple(map(Term, months, drawn))))


tariffs = published(12) | published(6, 24) | published(12, 24, 36) | published(18, 60)


def holdings(lapse=lapses, tariff=tariffs):
    """All of a coverage but its day."""
    return st.tuples(lapse, tariff, quantities, policies, discounts)


def standing(on, holding, coverage=A):
    lapse, tariff, quantity, policy, discount = holding
    return Position(owned(quantity, on - timedelta(lapse), coverage=coverage), tariff, policy, CENT, on, discount)


def positions(**strategies):
    """A coverage of any class under any tariff and policy."""
    return st.tuples(days, holdings(**strategies)).map(lambda drawn: standing(*drawn))


def together(drawn):
    on, several = drawn
    return tuple(standing(on, holding, coverage) for holding, coverage in zip(several, (A, B, C), strict=False))


portfolios = st.tuples(days, st.lists(holdings(), min_size=1, max_size=3)).map(together)
"""One to three coverages on one pricing day."""
