"""Go to…: what is found, by whom, and how far a licence number may be searched."""

import pytest

from tests.cast import CoverageFactory, LicenceFactory, MembershipFactory, ProductFactory
from tests.clients import signed_in
from tests.renewals.desk import firm, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno():
    return firm()


def found(member, text):
    answer = signed_in(member).get("/go/", {"q": text})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def test_one_hit_is_gone_to_at_once(bruno):
    share(bruno, name="Larkfield", slug="larkfield")
    assert found(bruno, "lark") == "/customers/larkfield/"
    assert found(bruno, "SN-000001-AB4821") == "/customers/larkfield/"


def test_several_hits_are_listed_and_numbers_masked(bruno):
    share(bruno, name="Larkfield", serial="SN-SECRET-1111")
    share(bruno, name="Larkmead", serial="SN-SECRET-2222")
    page = found(bruno, "gateway")
    assert "••••1111" in page
    assert "••••2222" in page
    assert "SECRET" not in page


@pytest.mark.parametrize("text", ["", "l", "zzzz", "SECRET", "Tidewater"])
def test_what_is_not_shared_is_not_found(bruno, text):
    share(bruno, name="Larkfield", slug="larkfield", serial="SN-SECRET-1111")
    share(firm("Halyard & Birch"), name="Tidewater Legal", slug="tidewater")
    page = found(bruno, text)
    assert "/customers/larkfield/" not in page
    assert "/customers/tidewater/" not in page


def test_a_customer_never_finds_what_another_one_owns(bruno):
    alba = MembershipFactory()
    share(bruno, name="Tidewater Legal", product="Tidewater gateway")
    made = ProductFactory(name="Tide pool", customer=alba.organisation)
    CoverageFactory(licence=LicenceFactory(customer=alba.organisation, product=made))
    assert "Tidewater" not in found(alba, "Tide").replace('value="Tide"', "")
