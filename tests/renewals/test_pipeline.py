"""The pipeline on both homes and as a report."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules import AccessLevel
from licences.models import Visibility
from renewals.rules.decisions import Reason
from renewals.rules.pipeline import Stage
from renewals.services.acceptance import accept
from renewals.services.decisions import decide
from renewals.views.pipeline import LABELS, pipeline
from tests.cast import MembershipFactory, today
from tests.clients import signed_in
from tests.renewals.quoting import acting, covered, drafted, make_house, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(coverages=4)


def counts(person):
    found = pipeline(acting(person), today=today())
    return {label: (each.coverages, each.money) for label, each in zip(LABELS, found.steps, strict=True)}, found


def test_coverages_move_from_stage_to_stage(house):
    first, second, third, _fourth = house.coverages
    drafted(house, house.bruno, coverages=[first])
    submitted(house, coverages=[second])
    offered = submitted(house, coverages=[third])
    accept(acting(house.alba), quote=offered, key="k")
    found, shown = counts(house.bruno)
    assert [found[each][0] for each in Stage] == [1, 1, 1, 1, 0]
    assert found[Stage.NOT_STARTED][1] == "€440" and shown.at_risk == "€1,320"


def test_a_customer_does_not_see_the_drafts_of_its_advisor(house):
    drafted(house, house.bruno, coverages=house.coverages[:1])
    assert counts(house.alba)[0][Stage.DRAFT][0] == 0
    assert counts(house.alba)[0][Stage.NOT_STARTED][0] == 4


def test_what_expires_later_is_not_at_risk_yet(house):
    covered(house, expires_on=today() + timedelta(91))
    assert counts(house.alba)[0][Stage.NOT_STARTED][0] == 4


def test_an_advisor_who_sees_no_prices_has_no_pipeline():
    house = make_house(level=AccessLevel.VIEW)
    assert pipeline(acting(house.bruno), today=today()) is None
    assert pipeline(acting(MembershipFactory()), today=today()) is None


@pytest.mark.parametrize("path", ["/", "/pipeline/"])
@pytest.mark.parametrize("who", ["alba", "bruno"])
def test_homes_and_report_cost_the_same_queries_however_much_there_is(house, path, who):
    client = signed_in(getattr(house, who))
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        assert "€1,760" in client.get(path).content.decode()
    for quantity in range(11, 16):
        covered(house, quantity=quantity)
    with CaptureQueriesContext(connection) as after:
        client.get(path)
    assert len(after) == len(before)


def test_the_report_names_an_advisors_customers(house):
    page = signed_in(house.bruno).get("/pipeline/").content.decode()
    assert house.customer.name in page and "At risk by customer" in page
    assert "At risk by customer" not in signed_in(house.alba).get("/pipeline/").content.decode()


def test_what_will_not_be_renewed_is_neither_not_started_nor_at_risk(house):
    first, second, third, _fourth = house.coverages
    drafted(house, house.alba, coverages=[third])
    for coverage, seats in ((first, 10), (second, 4), (third, 10)):
        who = acting(house.alba)
        seen = Visibility.objects.visible_to(who).get(coverage=coverage)
        decide(who, seen=seen, quantity=seats, reason=Reason.BUDGET)
    found, shown = counts(house.bruno)
    assert found[Stage.NOT_STARTED] == (2, "€704") and found[Stage.DRAFT][0] == 0
    assert (shown.at_risk, shown.given_up) == ("€704", 3)
    page = signed_in(house.bruno).get("/pipeline/").content.decode()
    assert "3 coverages will not be renewed" in page
