"""How a digest is put together: the most urgent first, days counted from the day of sending."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from renewals.rules.digest import Case, Item, case, grouped, shortened

TODAY = date(2026, 11, 23)
LARKFIELD, TIDEWATER = UUID(int=1), UUID(int=2)


def item(days, *, customer=LARKFIELD, product="Gateway", window=-7):
    name = {LARKFIELD: "Larkfield", TIDEWATER: "Tidewater"}[customer]
    return Item(uuid4(), customer, name, product, "sa", 10, TODAY + timedelta(days), window)


@pytest.mark.parametrize(
    ("days", "window", "said"),
    [
        (12, -14, Case.AHEAD),
        (1, -1, Case.TOMORROW),
        (0, 0, Case.TODAY),
        (-1, 0, Case.YESTERDAY),
        (-8, 7, Case.LAPSED),
        (-340, 1970, Case.CLOSING),
    ],
)
def test_a_mail_says_where_a_coverage_stands_today(days, window, said):
    assert case(TODAY + timedelta(days), TODAY, window=window) is said


def test_the_nearest_deadline_comes_first_ahead_before_behind():
    items = [item(30), item(-7), item(7), item(-40, window=30), item(-358, window=1993), item(0)]
    (group,) = grouped(items, TODAY)
    assert [(each.case, each.days) for each in group.deadlines] == [
        (Case.TODAY, 0),
        (Case.CLOSING, 358),
        (Case.AHEAD, 7),
        (Case.LAPSED, 7),
        (Case.AHEAD, 30),
        (Case.LAPSED, 40),
    ]


def test_customers_follow_their_most_urgent_deadline():
    groups = grouped([item(30), item(60), item(7, customer=TIDEWATER)], TODAY)
    assert [(group.name, group.size) for group in groups] == [("Tidewater", 1), ("Larkfield", 2)]


def test_lines_of_one_deadline_stand_together_by_product():
    (group,) = grouped([item(7, product="Zeta"), item(7, product="Alpha")], TODAY)
    (deadline,) = group.deadlines
    assert [each.product for each in deadline.items] == ["Alpha", "Zeta"]


def test_a_long_digest_keeps_its_most_urgent_lines():
    groups = grouped([item(day) for day in range(1, 31)] + [item(40, customer=TIDEWATER)], TODAY)
    (group,) = shortened(groups, lines=12)
    assert group.size == 12
    assert group.deadlines[-1].days == 12
    assert shortened(groups, lines=99) == groups
