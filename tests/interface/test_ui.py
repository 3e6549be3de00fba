"""The template tags."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum

import pytest
from django.utils.translation import override

from interface.icons import ICONS
from interface.labels import STATES
from tests.interface.pages import template

TODAY = date(2026, 11, 22)


class AccessLevel(IntEnum):
    QUOTE = 2


class QuoteState(Enum):
    DRAFT = "draft"


def test_a_date_within_thirty_days_is_a_warm_pill():
    shown = template("{% when value today=today %}", value=date(2026, 12, 4), today=TODAY)
    assert 'class="when when-soon"' in shown
    assert 'datetime="2026-12-04"' in shown
    assert ">in 12 days<" in shown


def test_a_missing_date_shows_nothing():
    assert template("{% when value %}{{ value|day }}{{ value|money:'EUR' }}{{ value|moment }}", value=None) == ""


@pytest.mark.parametrize("level", [2, "quote", AccessLevel.QUOTE])
def test_a_level_is_its_bars_and_its_name(level):
    shown = template("{% level level %}", level=level)
    assert shown.count('class="off"') == 1
    assert "Quote</span>" in shown


def test_no_level_says_so():
    assert "level-none" in template("{% level 0 %}")
    with override("es"):
        assert "Sin acceso" in template("{% level 'none' %}")


def test_a_state_takes_its_own_words_or_others():
    assert "Draft</span>" in template("{% state state %}", state=QuoteState.DRAFT)
    assert "Q-2316</span>" in template("{% state 'draft' 'Q-2316' %}")
    assert "On hold</span>" in template("{% state 'on_hold' %}")


def test_every_state_has_a_known_icon():
    assert {state.icon for state in STATES.values()} <= set(ICONS)


def test_text_in_a_sign_is_escaped():
    assert "<b>" not in template("{% state 'draft' text %}", text="<b>")


def test_a_query_keeps_other_parameters_and_forgets_where_it_was():
    assert template("{% query sort='name' %}", path="/?q=a&after=x&sort=b") == "?q=a&amp;sort=name"
    assert template("{% query q=None %}", path="/?q=a") == "?"
    assert template("{% query p=many %}", path="/", many=["a", "b"]) == "?p=a&amp;p=b"


def test_crumbs_end_at_the_open_page():
    shown = template("{% crumbs 'Renewals' '/renewals/' 'Here' %}")
    assert '<a href="/renewals/">Renewals</a>' in shown
    assert '<li aria-current="page">Here</li>' in shown


def test_filters_speak_the_readers_language():
    source = "{{ a|money:'EUR' }}|{{ a|money_exact:'EUR' }}|{{ d|month }}|{{ n|number }}|{{ s|percent }}"
    with override("es"):
        shown = template(source, a=Decimal(6093), d=TODAY, n=1816, s=0.15)
    assert shown.replace("\xa0", " ") == "6.093 €|6.093,00 €|noviembre de 2026|1.816|15 %"


def test_the_clock_and_the_long_day_have_filters():
    at = datetime(2026, 1, 2, 9, 5, tzinfo=UTC)
    shown = template(
        "{{ at|clock }} {{ at|day_short }} {{ on|day_long }} {{ name|initials }}", at=at, on=TODAY, name="Owen Pryce"
    )
    assert shown.endswith("Sunday, 22 November 2026 OP")
