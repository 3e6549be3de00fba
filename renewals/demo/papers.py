"""The demo's papers: a supplier form, and certificates of what Larkfield Foods and a few others have in force."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from licences.models import Coverage
from renewals.demo.draws import demo_id, number
from renewals.demo.people import Known
from renewals.demo.rows import add
from renewals.models import Certificate, SupplierDetails
from renewals.rules.certificates import LETTERS, PREFIX, Certified, digest, frozen, token
from renewals.services.certificates import issuer

CERTIFIED = ("larkfield", "tidewater")
MOST = 6
ISSUED = timedelta(days=9)
DETAILS = {
    "legal_name": "Coterm Programme B.V.",
    "address": "Keizersgracht 1\n1015 CJ Amsterdam",
    "country": "NL",
    "company_number": "KvK 00000000",
    "vat_number": "NL000000000B01",
    "website": "https://programme.example",
    "account_holder": "Coterm Programme B.V.",
    "bank_name": "Example Bank, Amsterdam",
    "account_number": "NL00 XXXX 0000 0000 00",
    "bank_code": "XXXXNL2A",
    "payment_terms": "30 days net",
    "orders_name": "Order desk",
    "orders_email": "orders@programme.example",
    "orders_phone": "+31 20 555 0100",
    "accounts_name": "Accounts receivable",
    "accounts_email": "invoices@programme.example",
    "accounts_phone": "+31 20 555 0101",
}


def load_papers(now: datetime, known: Known) -> None:
    """One version of the supplier form, and certificates issued nine days ago."""
    programme = Organisation.objects.filter(kind="programme").order_by("id")[:1]
    add(
        SupplierDetails,
        [
            SupplierDetails(
                id=demo_id("supplier"), organisation=each, version=1, created_at=now - timedelta(40), **DETAILS
            )
            for each in programme
        ],
    )
    rows = [certificate(coverage, now - ISSUED) for slug in CERTIFIED for coverage in in_force(slug, now, known)]
    add(Certificate, rows)


def in_force(slug: str, now: datetime, known: Known) -> list[Coverage]:
    owned = Coverage.objects.filter(customer=known.organisations[slug], starts_on__lte=(now - ISSUED).date())
    ahead = owned.filter(expires_on__gt=now.date()).select_related("customer", "licence__product")
    return list(ahead.order_by("-expires_on", "id")[:MOST])


def certificate(coverage: Coverage, issued_at: datetime) -> Certificate:
    customer, licence, zone = coverage.customer, coverage.licence, ZoneInfo(coverage.customer.time_zone)
    row = Certified(
        coverage=str(coverage.pk),
        product=licence.product.name,
        manufacturer=licence.product.manufacturer,
        programme=coverage.programme,
        quantity=coverage.quantity,
        serial=licence.serial,
        starts_on=coverage.starts_on,
        expires_on=coverage.expires_on or issued_at.date(),
    )
    named = {"name": customer.name, "country": customer.country}
    called = called_by(coverage)
    facts = frozen(called, issued_on=issued_at.date(), issuer=issuer(), customer=named, certified=[row])
    return Certificate(
        id=demo_id("certificate", coverage.pk),
        customer=customer,
        coverage=coverage,
        number=called,
        token_hash=token(called),
        issued_at=issued_at,
        valid_until=datetime.combine(row.expires_on + timedelta(1), time(), zone),
        facts=facts,
        sha256=digest(facts),
    )


def called_by(coverage: Coverage) -> str:
    """A number that is the same each time the demo is loaded."""
    groups = ("".join(LETTERS[number(32, coverage.pk, part, place)] for place in range(4)) for part in range(3))
    return "-".join([PREFIX, *groups])
