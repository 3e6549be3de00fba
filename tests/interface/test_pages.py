"""The frame around pages, and the pages that stand for errors."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from tests.interface.pages import SHELL, page, template

ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "409.html", "429.html", "500.html"]
LAYOUTS = ["base.html", "narrow.html", "wizard.html", "door.html", "allauth/layouts/base.html"]
VOID = {"meta", "link", "input", "img", "br", "hr"}


class Outline(HTMLParser):
    """Notes ids, inline code and tags that are not closed in order."""

    def __init__(self):
        super().__init__()
        self.ids, self.open, self.inline = [], [], []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.ids += [names["id"]] if "id" in names else []
        self.inline += [name for name in names if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in names) else []
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(html):
    found = Outline()
    found.feed(html)
    return found


@pytest.mark.parametrize("name", ERRORS + LAYOUTS)
def test_pages_are_well_formed_and_free_of_inline_code(name):
    found = outline(page(name))
    assert found.open == []
    assert found.inline == []
    assert sorted(found.ids) == sorted(set(found.ids))


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "429.html", "500.html"])
def test_last_resort_pages_need_no_context(name):
    with override("es"):
        shown = render_to_string(name)
    assert '<html lang="es"' in shown
    assert "Ir a la página inicial" in shown


def test_the_open_page_is_marked_in_the_navigation():
    assert re.findall(r'<a href="(\S+)" aria-current="page">Overview', page("base.html")) == ["/"]


def test_htmx_is_version_two_and_may_not_evaluate():
    shown = page("base.html")
    assert "django_htmx/htmx-2.min.js" in shown
    assert '"allowEval": false' in shown
    assert '"code": "409|422|429", "swap": true' in shown


def test_posts_by_htmx_carry_the_token():
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w{32,}\"\}'", page("base.html"))


def test_the_switcher_appears_with_a_second_organisation_only():
    assert 'name="organisation" value="2"' in page("base.html")
    alone = page("base.html", shell=replace(SHELL, organisations=SHELL.organisations[:1]))
    assert "org-menu" not in alone
    assert "Meridian Systems" in alone


def test_a_stranger_sees_neither_menu_nor_jump_box():
    shown = page("base.html", shell=None)
    assert "me-menu" not in shown
    assert 'id="jump"' not in shown


def test_the_other_language_is_offered_in_its_own_words():
    assert re.search(r'value="es" lang="es">ES<span class="vh">, Español', page("base.html"))
    with override("es"):
        assert 'value="en" lang="en">English' in page("door.html")


def test_a_banner_is_shown_when_there_is_one():
    assert 'class="banner"' not in page("base.html")
    assert "Demo data" in page("base.html", shell=replace(SHELL, banner="Demo data", banner_url="/x/"))


def test_steps_already_taken_can_be_reached_again():
    steps = [{"label": "Find", "url": "/1/"}, {"label": "Contact", "url": "/2/"}, {"label": "Review", "url": "/3/"}]
    shown = page("wizard.html", steps=steps, step=2)
    assert '<li class="past"><a href="/1/">Find</a></li>' in shown
    assert '<li aria-current="step">Contact</li>' in shown
    assert "<li>Review</li>" in shown


def test_a_conflict_says_what_to_do():
    assert 'href="/quotes/1/"' in page("409.html", message="Someone saved first.", back_url="/quotes/1/")


def test_icons_are_drawn_once_and_used_by_name():
    shown = page("base.html")
    assert shown.count('<symbol id="i-search"') == 1
    assert '<use href="#i-search"/>' in template("{% icon 'search' %}")
