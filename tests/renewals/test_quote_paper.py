"""A quote as a PDF: its lines with their arithmetic, for readers who may see prices."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment
from renewals.models import Quote
from renewals.services.quotes import submit
from tests.cast import MembershipFactory, today
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.quoting import acting, covered, drafted, make_house, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def taken(person, quote):
    return signed_in(person).get(f"/quotes/{quote.pk}.pdf")


def said(answer):
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).replace("\u200b", "").split())


def test_a_quote_shows_each_line_with_its_arithmetic_and_the_total(house):
    paper = said(taken(house.alba, submitted(house)))
    assert "10 × €44.00 × 1 = €440.00" in paper.replace("\xa0", " ")
    assert "€880.00" in paper and "As discussed." in paper


def test_a_lapsed_coverage_shows_its_fee_on_a_line_of_its_own(house):
    lapsed = covered(house, expires_on=today() - timedelta(90))
    paper = said(taken(house.alba, submitted(house, coverages=[lapsed, *house.coverages])))
    assert "Reinstatement fee" in paper and "not closed" not in paper


def test_an_advisor_gets_masked_serials_and_the_warning_about_what_was_shared(house):
    quote = drafted(house, house.bruno)
    with database_role("coterm_owner"):
        Quote.objects.filter(pk=quote.pk).update(is_partial=True)
    submit(acting(house.bruno), quote=quote, version=quote.version)
    paper = said(taken(house.bruno, quote))
    assert house.coverages[0].licence.serial not in paper
    assert "You see the licences that were shared" in paper
    assert "Your advisor sees the licences that you shared" in said(taken(house.alba, quote))


def test_a_draft_says_that_it_is_no_offer(house):
    assert "it is no offer yet" in said(taken(house.bruno, drafted(house, house.bruno)))


def test_a_firm_that_lost_the_power_to_see_prices_gets_nothing(house):
    quote = submitted(house)
    with acting_as(None), database_role("coterm_owner"):
        Assignment.objects.filter(pk=house.grant.pk).update(level=AccessLevel.VIEW)
    assert taken(house.bruno, quote).status_code == 404


def test_strangers_and_the_programme_get_what_an_absent_quote_gets(house):
    quote = submitted(house)
    assert {taken(person, quote).status_code for person in (MembershipFactory(), house.elena)} == {404}
