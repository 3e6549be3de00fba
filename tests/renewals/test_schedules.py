"""Versions of price schedules: what the database refuses, what publishing does to the version before."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from renewals.models import Price, PriceSchedule, ReminderWindow, RenewalPolicy
from renewals.rules.schedules import Obstacle, ScheduleRefused, Validity
from renewals.services.bases import policies_on
from renewals.services.policies import Numbers, add_discount, add_policy, withdraw_discount, withdraw_policy
from renewals.services.prices import Listed, move_prices, remove_price, set_price
from renewals.services.schedules import (
    Publication,
    discard_schedule,
    draft_schedule,
    publish_schedule,
    withdraw_schedule,
)
from renewals.services.windows import refresh_windows, stale
from tests.cast import MembershipFactory, ProductFactory, actor
from tests.hats import database_role

pytestmark = pytest.mark.django_db
TODAY = date.today()  # noqa: DTZ011
NUMBERS = Numbers(180, Decimal("0.12"), Decimal("1.5"), 12, 60, 30, "half_up")


@pytest.fixture
def elena():
    elena = actor(MembershipFactory(organisation__kind="programme", role="manager"))
    with acting_as(elena):
        yield elena


def listed(product, amount=44, **fields):
    return Listed(**{"product": product.pk, "currency": "EUR", "months": 12, "qty_min": 1, "qty_max": None} | fields,
                  amount=Decimal(amount))  # fmt: skip


def drafted(elena, *, programme="sa", amount=44):
    draft = draft_schedule(elena, programme=programme)
    set_price(elena, draft, listed(ProductFactory(), amount))
    return draft


def published(elena, days, *, ends=None, **fields):
    valid = Validity(TODAY + timedelta(days), ends and TODAY + timedelta(ends))
    return publish_schedule(elena, drafted(elena, **fields), Publication(valid), today=TODAY)


def ends():
    """How many days from today each published version lasts."""
    rows = PriceSchedule.objects.filter(state="published").order_by("valid_from")
    return [row.valid_to and (row.valid_to - TODAY).days for row in rows]


def refused(obstacle):
    return pytest.raises(ScheduleRefused, match=obstacle.value)


def test_the_next_version_ends_the_one_before(elena):
    published(elena, 0)
    later = published(elena, 40)
    assert ends() == [39, None]
    published(elena, 20)
    assert ends() == [19, 39, None]
    withdraw_schedule(elena, later, today=TODAY)
    assert ends() == [19, None]


def test_a_planned_end_stands_and_leaves_a_gap(elena):
    published(elena, 0, ends=10)
    later = published(elena, 5)
    assert ends() == [4, None]
    withdraw_schedule(elena, later, today=TODAY)
    published(elena, 30)
    assert ends() == [10, None]


def test_programmes_do_not_meet(elena):
    published(elena, 0)
    published(elena, 0, programme="hw")
    assert ends() == [None, None]


def test_a_wrong_price_of_today_is_replaced_today_and_both_versions_are_kept(elena):
    published(elena, 0, amount=440)
    following = published(elena, 30)
    wrong = PriceSchedule.objects.get(valid_from=TODAY)
    right = published(elena, 0, amount=44)
    assert list(PriceSchedule.objects.in_force(TODAY)) == [right] and ends() == [29, None]
    assert set(PriceSchedule.objects.all()) == {wrong, right, following}
    with database_role("coterm_owner"):
        for change in ({"state": "published"}, {"state": "draft"}, {"note": "Another"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                PriceSchedule.objects.filter(pk=wrong.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Price.objects.filter(schedule=wrong).update(amount=1)


@pytest.mark.parametrize(("days", "obstacle"), [(-1, Obstacle.PAST), (3, Obstacle.TAKEN)])
def test_nothing_is_published_into_the_past_or_twice_for_a_day_to_come(elena, days, obstacle):
    published(elena, 3)
    with refused(obstacle):
        published(elena, days)


def test_an_empty_draft_is_not_published_and_a_published_one_not_again(elena):
    with refused(Obstacle.EMPTY):
        publish_schedule(elena, draft_schedule(elena, programme="sa"), Publication(Validity(TODAY)), today=TODAY)
    version = published(elena, 3)
    with refused(Obstacle.NO_DRAFT):
        publish_schedule(elena, version, Publication(Validity(TODAY)), today=TODAY)


def test_what_has_begun_is_not_withdrawn_nor_deleted(elena):
    version = published(elena, 0)
    with refused(Obstacle.BEGUN):
        withdraw_schedule(elena, version, today=TODAY)
    with refused(Obstacle.NO_DRAFT):
        discard_schedule(elena, version)


def test_prices_of_a_published_version_stay(elena):
    version = published(elena, 9)
    price = Price.objects.get(schedule=version)
    with refused(Obstacle.NO_DRAFT):
        set_price(elena, version, listed(ProductFactory()))
    with refused(Obstacle.NO_DRAFT):
        remove_price(elena, version, pk=price.pk)
    withdraw_schedule(elena, version, today=TODAY)
    remove_price(elena, version, pk=price.pk)
    assert not Price.objects.exists()


def test_two_prices_for_one_quantity_are_refused_and_neighbours_are_not(elena):
    draft, product = draft_schedule(elena, programme="sa"), ProductFactory()
    set_price(elena, draft, listed(product, qty_max=49))
    set_price(elena, draft, listed(product, qty_min=50))
    set_price(elena, draft, listed(product, months=24))
    with refused(Obstacle.OVERLAP):
        set_price(elena, draft, listed(product, qty_min=49, qty_max=49))
    assert Price.objects.filter(schedule=draft).count() == 3


def test_a_copy_has_the_prices_and_leaves_the_original(elena):
    version = published(elena, 0)
    draft = draft_schedule(elena, programme="sa", copy_of=version.pk)
    assert move_prices(elena, draft, percent=Decimal(3)) == 1
    amounts = Price.objects.order_by("schedule__state").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("45.32"), Decimal("44.00")]


def test_a_price_below_the_minor_unit_moves_as_finely(elena):
    draft = draft_schedule(elena, programme="sa")
    for currency, amount in (("EUR", "0.0045"), ("JPY", "101"), ("KWD", "1.005"), ("USD", "0")):
        set_price(elena, draft, listed(ProductFactory(), amount, currency=currency))
    move_prices(elena, draft, percent=Decimal("-1.5"))
    amounts = dict(Price.objects.values_list("currency", "amount"))
    assert amounts == {k: Decimal(v) for k, v in {"EUR": "0.004432", "JPY": "99", "KWD": "0.990", "USD": "0"}.items()}


@pytest.mark.parametrize("state", ["draft", "published"])
def test_the_database_keeps_versions_apart_for_the_owner_too(state):
    with database_role("coterm_owner"):
        common = {"programme": "sa", "state": state, "published_at": timezone.now()}
        PriceSchedule.objects.create(**common, valid_from=TODAY, valid_to=TODAY + timedelta(9))
        PriceSchedule.objects.create(**common, valid_from=TODAY + timedelta(10))
        with transaction.atomic():
            overlapping = {"valid_from": TODAY + timedelta(9), "valid_to": TODAY + timedelta(9)}
            if state == "draft":
                PriceSchedule.objects.create(**common, **overlapping)
            else:
                with pytest.raises(IntegrityError, match="priceschedule_no_overlap"):
                    PriceSchedule.objects.create(**common, **overlapping)


@pytest.mark.parametrize(
    "statement",
    [
        "update renewals_price set amount = 1",
        "delete from renewals_price",
        "insert into renewals_price select gen_random_uuid(), currency, 99, qty_min, qty_max, amount, product_id,"
        " schedule_id from renewals_price",
        "update renewals_priceschedule set valid_from = valid_from + 1",
        "update renewals_priceschedule set state = 'draft'",
        "delete from renewals_priceschedule",
    ],
)
def test_the_owner_cannot_rewrite_what_is_published(statement):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        schedule = PriceSchedule.objects.create(programme="sa", valid_from=date(2020, 1, 1))
        Price.objects.create(schedule=schedule, product=ProductFactory(), currency="EUR", months=12, amount=44)
        PriceSchedule.objects.update(state="published", published_at=timezone.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)


def test_the_largest_quantity_has_a_band(elena):
    draft = draft_schedule(elena, programme="sa")
    price = set_price(elena, draft, listed(ProductFactory(), qty_max=2**31 - 1))
    price.refresh_from_db()
    assert price.qty_max == 2**31 - 1


def test_a_policy_is_added_for_a_day_and_taken_back_before_it(elena):
    soon = {"programme": "sa", "valid_from": TODAY + timedelta(3), "numbers": NUMBERS, "today": TODAY}
    policy = add_policy(elena, **soon)
    with refused(Obstacle.TAKEN):
        add_policy(elena, **soon)
    with refused(Obstacle.PAST):
        add_policy(elena, **soon | {"valid_from": TODAY - timedelta(1)})
    withdraw_policy(elena, policy, today=TODAY)
    begun = add_policy(elena, **soon | {"valid_from": TODAY})
    with refused(Obstacle.BEGUN):
        withdraw_policy(elena, begun, today=TODAY)


def test_the_boundary_of_reinstatement_is_that_of_the_policy_in_force(elena):
    for days in (0, 5):
        own = replace(NUMBERS, boundary=180 + days)
        add_policy(elena, programme="sa", valid_from=TODAY + timedelta(days), numbers=own, today=TODAY)
    assert [policies_on(TODAY + timedelta(days))["sa"].boundary for days in (0, 4, 5)] == [180, 180, 185]
    with database_role("coterm_worker"):
        refresh_windows(TODAY)
        last = {each.closes - 1 for each in ReminderWindow.objects.filter(programme="sa", code__gt=1000)}
        assert (max(last), stale(TODAY), stale(TODAY + timedelta(5))) == (180, [], [("sa", 185)])


def test_the_owner_cannot_rewrite_a_policy_that_has_begun():
    with database_role("coterm_owner"):
        RenewalPolicy.objects.create(programme="sa", valid_from=TODAY - timedelta(3))
        with pytest.raises(DatabaseError), transaction.atomic():
            RenewalPolicy.objects.update(fee=0)


def test_nobody_else_keeps_prices():
    alba = actor(MembershipFactory(organisation__kind="customer", role="owner"))
    with acting_as(alba):
        for attempt in (
            lambda: draft_schedule(alba, programme="sa"),
            lambda: add_policy(alba, programme="sa", valid_from=TODAY, numbers=NUMBERS, today=TODAY),
            lambda: add_discount(alba, tier="gold", valid_from=TODAY, share=Decimal("0.1"), today=TODAY),
        ):
            with pytest.raises(Forbidden):
                attempt()


def test_the_database_has_the_last_word_on_overlaps(elena, monkeypatch):
    monkeypatch.setattr("renewals.services.schedules.obstacle_to", lambda *args, **kwargs: None)
    published(elena, 3)
    with refused(Obstacle.TAKEN):
        published(elena, 3)


def test_what_is_gone_or_no_version_is_refused(elena):
    draft = drafted(elena)
    with refused(Obstacle.NO_DRAFT):
        withdraw_schedule(elena, draft, today=TODAY)
    with refused(Obstacle.NO_DRAFT):
        set_price(elena, draft, listed(ProductFactory()), pk=ProductFactory().pk)
    discard_schedule(elena, draft)
    with refused(Obstacle.NO_DRAFT):
        discard_schedule(elena, draft)


def test_a_discount_begins_today_or_later_and_stays_once_begun(elena):
    own = {"tier": "gold", "share": Decimal("0.04"), "today": TODAY}
    with refused(Obstacle.PAST):
        add_discount(elena, valid_from=TODAY - timedelta(1), **own)
    begun = add_discount(elena, valid_from=TODAY, **own)
    with refused(Obstacle.BEGUN):
        withdraw_discount(elena, begun, today=TODAY)
