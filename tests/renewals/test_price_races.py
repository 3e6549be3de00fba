"""Two managers at once: one publication wins, and no price slips into what is being published."""

from datetime import date, timedelta

import pytest

from accounts.tenancy import acting_as
from renewals.models import Price, PriceSchedule
from renewals.rules.schedules import Obstacle, ScheduleRefused, Validity
from renewals.services.prices import set_price
from renewals.services.schedules import Publication, draft_schedule, publish_schedule
from tests.cast import MembershipFactory, ProductFactory, actor
from tests.hats import database_role
from tests.races import at_once
from tests.renewals.test_schedules import listed

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date.today()  # noqa: DTZ011


@pytest.fixture
def elena():
    return actor(MembershipFactory(organisation__kind="programme", role="manager"))


def draft(elena):
    with acting_as(elena):
        made = draft_schedule(elena, programme="sa")
        set_price(elena, made, listed(ProductFactory()))
    return made


def managers(elena, *works):
    """Elena does all of it at once, in several windows; None each, or what she was refused for."""
    return at_once(*[refusable(elena, work) for work in works])


def refusable(elena, work):
    def run():
        try:
            with database_role("coterm_web"), acting_as(elena):
                work()
        except ScheduleRefused as refusal:
            return refusal.obstacle
        return None

    return run


def publish(elena, schedule, days):
    publication = Publication(Validity(TODAY + timedelta(days)))
    return lambda: publish_schedule(elena, schedule, publication, today=TODAY)


def test_of_two_publications_for_one_day_one_wins(elena):
    works = [publish(elena, draft(elena), 3) for _ in range(4)]
    assert sorted(managers(elena, *works), key=str) == [None, *[Obstacle.TAKEN] * 3]


def test_publications_for_different_days_leave_no_overlap_and_no_gap(elena):
    works = [publish(elena, draft(elena), days) for days in (1, 5, 9, 20)]
    assert managers(elena, *works) == [None] * 4
    with database_role("coterm_owner"):
        ends = PriceSchedule.objects.order_by("valid_from").values_list("valid_to", flat=True)
        assert [end and (end - TODAY).days for end in ends] == [4, 8, 19, None]


def test_a_draft_is_published_once_and_takes_no_price_afterwards(elena):
    made, late = draft(elena), listed(ProductFactory(), 99)
    works = [publish(elena, made, 3), publish(elena, made, 4), lambda: set_price(elena, made, late)]
    refused = [each for each in managers(elena, *works) if each]
    with database_role("coterm_owner"):
        count = Price.objects.filter(schedule=made).count()
    assert set(refused) == {Obstacle.NO_DRAFT} and len(refused) == 3 - count
