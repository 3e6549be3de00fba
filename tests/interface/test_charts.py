"""The charts."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from interface.charts import Column, Span, Strip, door_art, meter, month_add, timeline

TODAY = date(2026, 11, 22)
STRIP = Strip(date(2026, 1, 1), date(2028, 7, 1), TODAY)


def parsed(svg):
    return ElementTree.fromstring(svg)


def classes(svg):
    return [node.get("class") for node in parsed(svg).iter("rect")]


def column(first, *, opened=1, lapsed=0, url="/portfolio/"):
    return Column(first, renewed=0, quoted=0, open=opened, lapsed=lapsed, url=url)


def test_each_month_is_a_link_that_says_its_counts():
    svg = timeline([Column(date(2026, 12, 1), 3, 19, 25, 1, "/portfolio/?month=2026-12&x=1")], today=TODAY)
    assert parsed(svg).find("a").get("href") == "/portfolio/?month=2026-12&x=1"
    assert parsed(svg).find("a/title").text == (
        "December 2026: 48 coverages. 3 renewed, 19 in hand, 25 not started, 1 lapsed"
    )


def test_unstarted_months_are_warm_within_ninety_days_only():
    near, far = (timeline([column(date(2027, month, 1))], today=TODAY) for month in (2, 3))
    assert "bar-soon" in classes(near)
    assert "bar-soft" in classes(far)


def test_today_stands_in_its_own_month():
    svg = timeline([column(date(2026, 11, 1)), column(date(2026, 12, 1))], today=date(2026, 11, 16))
    assert parsed(svg).find("line[@class='today']").get("x1") == "25.00%"


def test_a_january_names_its_year():
    assert "Jan ’27" in timeline([column(date(2027, 1, 1))], today=TODAY)


@pytest.mark.parametrize("columns", [[], [column(date(2026, 12, 1), opened=0)]])
def test_a_timeline_of_nothing_is_still_a_picture(columns):
    assert parsed(timeline(columns, today=TODAY)).tag == "svg"


def test_a_chart_speaks_spanish():
    with override("es"):
        svg = timeline([column(date(2026, 12, 1))], today=TODAY)
    assert "diciembre de 2026: 1 cobertura. 1 sin empezar" in svg


def test_coverage_that_lapsed_is_hatched_up_to_today():
    svg = STRIP.bar([(date(2025, 10, 14), date(2026, 10, 13))])
    assert classes(svg) == ["bar-base", "bar-soft", "bar-gap"]
    assert "lapsed 40 days ago" in parsed(svg).get("aria-label")


def test_a_gap_between_terms_is_hatched_and_adjoining_terms_are_not():
    first, second = (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))
    later = (date(2026, 9, 1), date(2027, 8, 31))
    assert classes(STRIP.bar([first, second, later])) == ["bar-base", "bar-soft", "bar-soft", "bar-ok", "bar-gap"]


def test_a_proposal_reaches_the_target_line():
    strip = Strip(date(2026, 1, 1), date(2028, 7, 1), TODAY, target=date(2027, 12, 31))
    svg = parsed(strip.bar([(date(2026, 1, 1), date(2026, 12, 4))], new=(date(2026, 12, 4), date(2027, 12, 31))))
    new = svg.find("rect[@class='bar-new']")
    end = float(new.get("x")[:-1]) + float(new.get("width")[:-1])
    assert float(svg.find("line[@class='target']").get("x1")[:-1]) == pytest.approx(end, abs=0.02)


def test_words_of_a_bar_can_be_given_and_are_escaped():
    assert 'aria-label="&lt;5 years"' in STRIP.bar([(date(2026, 1, 1), TODAY)], label="<5 years")


def test_the_axis_leaves_room_for_today():
    labels = [node.text for node in parsed(STRIP.axis(every=3)).iter("text")]
    assert labels[-1] == "Today"
    assert "Oct" not in labels[:4]
    assert "Jan 2027" not in labels
    assert "Jul" in labels


def test_dates_outside_the_window_stop_at_its_edges():
    span = Span(date(2026, 1, 1), date(2027, 1, 1))
    assert (span.at(date(2020, 1, 1)), span.at(date(2030, 1, 1))) == (0, 100)


@pytest.mark.parametrize(("share", "width"), [(36, "36.0%"), (120, "100.0%"), (-1, "0.0%")])
def test_a_meter_stays_within_its_bar(share, width):
    assert parsed(meter(share, "bar-soon"))[1].get("width") == width


def test_every_bar_of_the_door_reaches_the_line():
    bars = list(parsed(door_art()).iter("rect"))[:-1]
    ends = {int(bar.get("x")) + int(bar.get("width")) for bar in bars if bar.get("class") == "bar-hatch"}
    assert ends == {520}


def test_months_add_up_over_the_year():
    assert month_add(date(2026, 11, 1), 3) == date(2027, 2, 1)
