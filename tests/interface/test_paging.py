"""Keyset paging, over rows that the migrations left behind."""

from datetime import date
from itertools import pairwise

import pytest
from django.contrib.auth.models import Permission
from django.db.models import DateField, ExpressionWrapper, F, Value
from django.http import QueryDict

from interface.paging import page

pytestmark = pytest.mark.django_db
TIES = ("content_type_id", "codename")
ORDERS = [
    TIES,
    ("-content_type_id", "-codename"),
    ("-content_type_id", "codename"),
    ("content_type__model", "content_type__app_label", "codename"),
    ("-pk",),
]


def permissions():
    return Permission.objects.select_related("content_type")


def walked(queryset, keys, *, size=7):
    """Every page, by Next from the first."""
    pages = [page(queryset, {}, keys=keys, size=size)]
    while pages[-1].next_cursor:
        pages.append(page(queryset, {"after": pages[-1].next_cursor}, keys=keys, size=size))
    return pages


@pytest.mark.parametrize("keys", ORDERS)
def test_next_visits_every_row_once_in_order(keys):
    seen = [row for each in walked(permissions(), keys) for row in each]
    assert seen == list(permissions().order_by(*keys))


@pytest.mark.parametrize("keys", ORDERS)
def test_previous_leads_back_over_the_same_pages(keys):
    pages = walked(permissions(), keys)
    for earlier, later in pairwise(pages):
        back = page(permissions(), {"before": later.previous_cursor}, keys=keys, size=7)
        assert back.rows == earlier.rows
        assert back.next_cursor == earlier.next_cursor


def test_both_ends_are_known():
    pages = walked(permissions(), TIES)
    assert pages[0].previous_cursor is None
    assert pages[-1].next_cursor is None
    assert page(permissions(), {"before": pages[1].previous_cursor}, keys=TIES, size=7).previous_cursor is None


def test_dictionaries_with_a_computed_date_page_as_well():
    expiry = ExpressionWrapper(Value(date(2026, 1, 1)) + F("pk") / 4, output_field=DateField())
    rows = Permission.objects.annotate(expires_on=expiry).values("expires_on", "pk")
    keys = ("expires_on", "pk")
    assert [row for each in walked(rows, keys) for row in each] == list(rows.order_by(*keys))


@pytest.mark.parametrize("position", ["first", "middle", "last"])
def test_any_page_costs_one_query(position, django_assert_num_queries):
    pages = walked(permissions(), TIES)
    cursor = {"first": None, "middle": pages[1].next_cursor, "last": pages[-2].next_cursor}[position]
    with django_assert_num_queries(1):
        assert len(page(permissions(), {"after": cursor} if cursor else {}, keys=TIES, size=7)) > 0


@pytest.mark.parametrize("cursor", ["", "nonsense", "WzFd:1abc:xyz"])
def test_a_broken_cursor_gives_the_first_page(cursor):
    first = page(permissions(), {}, keys=TIES, size=7)
    assert page(permissions(), QueryDict(f"after={cursor}"), keys=TIES, size=7) == first
    assert page(permissions(), QueryDict(f"before={cursor}"), keys=TIES, size=7) == first


def test_a_cursor_of_another_order_gives_the_first_page():
    cursor = page(permissions(), {}, keys=("-pk",), size=7).next_cursor
    assert page(permissions(), {"after": cursor}, keys=TIES, size=7) == page(permissions(), {}, keys=TIES, size=7)


def test_nothing_is_a_page_without_neighbours():
    nothing = page(permissions().none(), {}, keys=TIES)
    assert (nothing.rows, nothing.next_cursor, nothing.previous_cursor) == ([], None, None)
