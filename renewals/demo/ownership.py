"""What the customers of the demo own: the catalogue, licences, coverages and their terms."""

from collections.abc import Iterator
from uuid import UUID

from licences.models import Coverage, CoverageTerm, Licence, Product
from renewals.demo.customers import Customer
from renewals.demo.draws import demo_id, pick, table
from renewals.demo.people import Known
from renewals.demo.portfolio import Cover
from renewals.demo.rows import add, ids_by

SERIAL_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def load_ownership(known: Known) -> None:
    """The catalogue, then each customer's licences, coverages and terms."""
    products = _products()
    add(Licence, (licence for customer in known.customers for licence in _licences(customer, known, products)))
    owned = [(customer, number, cover) for customer in known.customers for number, cover in enumerate(customer.covers)]
    rows = [(_coverage(customer, number, known), cover) for customer, number, cover in owned]
    add(Coverage, (coverage for coverage, _ in rows))
    add(CoverageTerm, (term for coverage, cover in rows for term in _terms(coverage, cover)))


def _products() -> dict[str, UUID]:
    catalogue = table("products")
    add(Product, (Product(id=demo_id("product", code), name=facts["name"]) for code, facts in catalogue.items()))
    by_name = ids_by(Product, "name", customer=None)
    return {code: by_name[facts["name"]] for code, facts in catalogue.items()}


def _licences(customer: Customer, known: Known, products: dict[str, UUID]) -> Iterator[Licence]:
    for number in sorted({cover.licence for cover in customer.covers}):
        covers = [cover for cover in customer.covers if cover.licence == number]
        yield Licence(
            id=demo_id("licence", customer.slug, number),
            customer_id=known.organisations[customer.slug],
            product_id=products[covers[0].product],
            serial=_serial(covers[0].product, customer.slug, number),
            quantity=covers[0].quantity,
            bought_on=min(cover.terms[0].starts_on for cover in covers),
        )


def _serial(product: str, *key: object) -> str:
    parts = ["".join(pick(SERIAL_LETTERS, "serial", *key, part, i) for i in range(4)) for part in range(2)]
    return "-".join([product, *parts])


def _coverage(customer: Customer, number: int, known: Known) -> Coverage:
    cover = customer.covers[number]
    return Coverage(
        id=known.coverages[customer.slug, number],
        customer_id=known.organisations[customer.slug],
        licence_id=demo_id("licence", customer.slug, cover.licence),
        programme=cover.programme.lower(),
        quantity=cover.quantity,
        starts_on=cover.terms[-1].starts_on,
        expires_on=cover.expires_on,
    )


def _terms(coverage: Coverage, cover: Cover) -> Iterator[CoverageTerm]:
    for number, term in enumerate(cover.terms):
        yield CoverageTerm(
            id=demo_id("term", coverage.pk, number, order=number),
            customer_id=coverage.customer_id,
            coverage_id=coverage.pk,
            starts_on=term.starts_on,
            ends_on=term.expires_on,
            quantity=cover.quantity,
        )
