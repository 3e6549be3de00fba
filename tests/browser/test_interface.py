"""The components together on one page, in a browser, under the product's content security policy."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory

from interface.charts import Column, Strip, timeline
from tests.interface.pages import SHELL
from tests.interface.test_forms import Access

pytestmark = pytest.mark.browser
TODAY = date(2026, 11, 22)
STRIP = Strip(date(2026, 1, 1), date(2028, 7, 1), TODAY)
MESSAGES = [SimpleNamespace(level=25, level_tag="success"), SimpleNamespace(level=40, level_tag="error")]
CSP = "; ".join(
    f"{name} {' '.join(sources)}" for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)


def gallery():
    context = {
        "shell": SHELL,
        "today": TODAY,
        "strip": STRIP,
        "bar": STRIP.bar([(date(2025, 10, 14), date(2026, 10, 13))]),
        "timeline": timeline([Column(date(2026, 12, 1), 3, 19, 25, 1, "/portfolio/")], today=TODAY),
        "keys": [("bar-ok", "Covered"), ("bar-hatch", "Quoted")],
        "products": ["Remote Support", "Access Gateway"],
        "page": SimpleNamespace(next_cursor="abc", previous_cursor=None),
        "levels": [("view", "Dates"), ("quote", "Prices"), ("renew", "Orders")],
        "rows": [("See your prices", (False, True, True))],
        "form": Access({}),
        "steps": [{"label": "Find", "url": "/1/"}, {"label": "Review", "url": "/2/"}],
        "step": 2,
        "messages": MESSAGES,
    }
    source = (Path(__file__).parent / "gallery.html").read_text()
    return engines["django"].from_string(source).render(context, RequestFactory().get("/"))


@pytest.fixture
def open_gallery(chromium):
    """Opens the gallery as if it were served; the answer's headers are the product's."""
    contexts = []

    def opened(**options):
        contexts.append(chromium.new_context(**options))
        tab = contexts[-1].new_page()
        tab.route("**/*", answered)
        tab.goto("http://coterm.test/")
        return tab

    yield opened
    for context in contexts:
        context.close()


def answered(route):
    path = urlparse(route.request.url).path
    if path.startswith("/static/"):
        route.fulfill(path=finders.find(path.removeprefix("/static/")))
    else:
        route.fulfill(body=gallery(), headers={"Content-Security-Policy": CSP, "Content-Type": "text/html"})


@pytest.mark.parametrize("width", [320, 380, 1360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_components_are_accessible_and_fit(open_gallery, width, theme):
    tab = open_gallery(viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True)
    violations = Axe().run(tab).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_is_refused_by_the_content_security_policy(open_gallery):
    tab = open_gallery()
    refused = []
    tab.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    tab.reload(wait_until="networkidle")
    assert refused == []
    assert tab.evaluate("htmx.config.allowEval") is False


def test_select_all_counts_and_shows_what_can_be_done(open_gallery):
    tab = open_gallery()
    assert tab.locator(".bulk").is_hidden()
    tab.check("[data-select-all]")
    assert tab.locator("[data-chosen]").inner_text() == "2"
    tab.uncheck("[name=coverage] >> nth=0")
    assert tab.locator("[data-select-all]").evaluate("box => box.indeterminate")
    tab.click("[data-clear]")
    assert tab.locator(".bulk").is_hidden()


def test_the_theme_is_remembered(open_gallery):
    tab = open_gallery(color_scheme="light")
    tab.click(".topbar [data-theme-toggle]")
    tab.reload()
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_slash_leads_to_the_jump_box_but_not_from_a_field(open_gallery):
    tab = open_gallery()
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "jump"
    tab.focus("#id_firm")
    tab.keyboard.press("/")
    assert tab.input_value("#id_firm") == "/"


def test_the_matrix_marks_the_level_that_is_chosen(open_gallery):
    tab = open_gallery()
    tab.check("[name=level][value=renew] >> nth=0")
    wash = "cell => getComputedStyle(cell).boxShadow"
    assert tab.locator(".matrix tbody td >> nth=2").evaluate(wash) != "none"
    assert tab.locator(".matrix tbody td >> nth=0").evaluate(wash) == "none"


def test_without_scripts_everything_that_works_is_there(open_gallery):
    tab = open_gallery(java_script_enabled=False)
    assert tab.locator(".bulk").is_visible()
    assert tab.locator(".topbar [data-theme-toggle]").is_hidden()
    tab.click("[popovertarget=me-menu]")
    assert tab.locator("#me-menu").get_by_text("Sign out").is_visible()


def test_messages_can_be_closed(open_gallery):
    tab = open_gallery()
    tab.click("#messages [data-close] >> nth=0")
    assert tab.locator("#messages .toast").count() == 1
