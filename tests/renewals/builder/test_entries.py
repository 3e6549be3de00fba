"""From where one gets to the builder, and only with the power to quote."""

from datetime import date

import pytest

from tests.cast import AssignmentFactory, MembershipFactory
from tests.clients import signed_in
from tests.renewals.desk import firm

pytestmark = pytest.mark.django_db
START = "/quotes/new/"


@pytest.fixture
def bruno():
    return firm()


def grants(bruno, three, level):
    assignment = {"advisor": bruno.organisation, "level": level, "ends_on": date(2027, 11, 22)}
    AssignmentFactory(customer_id=three[0].customer_id, **assignment)
    return signed_in(bruno)


def page_of(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("level", "leads"), [(1, False), (2, True)])
def test_an_advisor_is_led_there_from_level_quote_on(bruno, three, level, leads):
    browser = grants(bruno, three, level)
    assert (f"{START}?customer=larkfield" in page_of(browser, "/customers/larkfield/")) is leads
    assert (f"{START}?customer=larkfield" in page_of(browser, f"/licences/{three[0].licence_id}/")) is leads


def test_rows_of_the_portfolio_are_quoted_together(bruno, three):
    assert 'formaction="/quotes/choose/"' in page_of(grants(bruno, three, 2), "/portfolio/")


def test_an_owner_goes_on_from_its_home_and_from_a_licence(browser, three):
    assert f'href="{START}"' in page_of(browser, "/")
    assert f"coverage={three[0].pk}" in page_of(browser, f"/licences/{three[0].licence_id}/")


def test_a_viewer_is_not_led_there(alba, three):
    viewer = signed_in(MembershipFactory(organisation=alba.organisation, role="viewer"))
    assert START not in page_of(viewer, "/")
    assert START not in page_of(viewer, f"/licences/{three[0].licence_id}/")
