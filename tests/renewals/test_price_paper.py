"""The pricing schedule as a PDF."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.rules import Kind
from renewals.documents.prices import PriceRow, PriceTable, prices_pdf
from renewals.views import price_paper
from tests.cast import MembershipFactory, today
from tests.clients import signed_in

pytestmark = pytest.mark.django_db


def test_sixty_lines_repeat_their_head_on_every_page():
    rows = [PriceRow(f"Gateway #{n}", "1–49", [("€1.00", "€2.00"), ("", "")]) for n in range(60)]
    paper = prices_pdf([PriceTable("Warranty, EUR", "In force", ["1 year", "2 years"], rows)], on=today(), issuer="P")
    pages = [each.extract_text() for each in PdfReader(BytesIO(paper)).pages]
    assert len(pages) > 1 and all("2 years" in each for each in pages)
    assert "Gateway #59" in pages[-1]


def test_a_customer_takes_the_prices_that_it_may_read():
    client = signed_in(MembershipFactory())
    answer = client.get("/pricing.pdf?currency=all")
    assert answer["Content-Type"] == "application/pdf"
    assert "Pricing schedule" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


def test_a_distributor_has_no_prices_to_read():
    assert (
        signed_in(MembershipFactory(organisation__kind=Kind.DISTRIBUTOR.value, role="member"))
        .get("/pricing.pdf")
        .status_code
        == 403
    )


def test_a_book_is_refused(monkeypatch):
    monkeypatch.setattr(price_paper, "MOST", -1)
    assert signed_in(MembershipFactory()).get("/pricing.pdf").status_code == 409
