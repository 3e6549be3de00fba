"""The pieces that pages are put together from."""

from types import SimpleNamespace

import pytest

from tests.interface.pages import template


def included(name, **context):
    words = " ".join(f"{key}={key}" for key in context)
    return template("{% include 'components/" + name + ".html' with request=request " + words + " only %}", **context)


def test_an_empty_state_offers_the_next_step():
    shown = included("empty", icon="search", title="No firm matches", text="Check.", url="/all/", label="Search all")
    assert '<a class="btn" href="/all/">Search all</a>' in shown
    assert "No firm matches" in shown


@pytest.mark.parametrize(("tone", "role"), [("late", True), ("soon", False), ("", False)])
def test_only_trouble_interrupts(tone, role):
    assert ('role="alert"' in included("notice", tone=tone, title="Lapsed", text="40 days ago")) is role


def test_a_section_head_names_what_its_link_is_about():
    shown = included("section-head", title="Advisors", url="/advisors/", label="Manage")
    assert 'Manage<span class="vh">, Advisors</span>' in shown


def test_a_pager_links_only_where_there_is_more():
    shown = included("pager", page=SimpleNamespace(next_cursor="abc", previous_cursor=None), summary="38 rows")
    assert 'href="?after=abc" rel="next"' in shown
    assert 'aria-disabled="true">Previous' in shown
    assert "38 rows" in shown


def test_a_single_page_needs_no_pager():
    assert "<nav" not in included("pager", page=SimpleNamespace(next_cursor=None, previous_cursor=None))


def test_the_matrix_says_what_each_level_allows():
    levels, rows = [("view", "Knows the dates"), ("quote", "Quotes")], [("See your prices", (False, True))]
    shown = included("matrix", levels=levels, rows=rows, chosen="quote")
    assert 'name="level" value="quote" checked' in shown
    assert shown.count('<td class="no">') == 1


def test_a_legend_pairs_colours_with_words():
    assert '<rect class="bar-ok"' in included("legend", keys=[("bar-ok", "Covered")])


def test_messages_are_announced_and_can_be_swapped_in():
    message = SimpleNamespace(level=25, level_tag="success")
    shown = included("messages", messages=[message], oob=True)
    assert 'role="status" hx-swap-oob="true"' in shown
    assert included("messages", messages=[]).count("toast ") == 0


def test_text_given_to_a_component_is_escaped():
    assert "<b>x" not in included("notice", title="<b>x", text="<b>x")
