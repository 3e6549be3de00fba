"""The portfolio: what it lists, narrows, counts and lets be taken away."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import AuditEntry
from renewals.models import SavedView
from tests.cast import MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.desk import as_actor, day, firm, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno():
    return firm()


@pytest.fixture
def browser(bruno):
    return signed_in(bruno)


def listed(browser, query=""):
    """The customers of the rows, in order."""
    page = browser.get(f"/portfolio/?{query}")
    assert page.status_code == 200
    return re.findall(r'<th scope="row"><a class="name"[^>]*>([^<]*)</a>', page.content.decode())


def test_it_lists_what_is_shared_and_nothing_else(bruno, browser):
    share(bruno, name="Larkfield Foods")
    share(firm("Halyard & Birch"), name="Tidewater Legal")
    assert listed(browser) == ["Larkfield Foods"]


@pytest.mark.parametrize("kind", ["customer", "distributor", "programme"])
def test_it_is_for_advisors(kind):
    role = {"customer": "owner", "distributor": "member", "programme": "manager"}[kind]
    browser = signed_in(MembershipFactory(organisation__kind=kind, role=role))
    assert browser.get("/portfolio/").status_code == 403
    assert browser.post("/portfolio/export/").status_code == 403


def test_a_stranger_signs_in_first(client):
    assert client.get("/portfolio/").status_code == 302


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Aster", "Bellweather", "Calder", "Dornbach"]),
        ("sort=-expires", ["Dornbach", "Calder", "Bellweather", "Aster"]),
        ("sort=-customer", ["Dornbach", "Calder", "Bellweather", "Aster"]),
        ("expires=lapsed", ["Aster"]),
        ("expires=30", ["Bellweather"]),
        ("expires=31-90", ["Calder"]),
        ("expires=undated", ["Dornbach"]),
        ("access=view", ["Calder"]),
        ("country=PT", ["Bellweather"]),
        ("customer=calder", ["Calder"]),
        ("mine=1", ["Aster", "Bellweather", "Dornbach"]),
        ("q=ASTER", ["Aster"]),
        ("q=gateway", ["Bellweather"]),
        ("q=SN-000001-AB4821", ["Calder"]),
        ("q=4821", ["Calder"]),
        ("q=AB48", []),
        ("programme=hw", []),
    ],
)
def test_filters_and_orders_narrow_and_turn_the_rows(bruno, browser, query, names):
    share(bruno, name="Aster", days=[-30], product="Desktops", serial="")
    share(bruno, name="Bellweather", days=[12], country="PT", product="Gateway", serial="")
    share(bruno, name="Calder", slug="calder", days=[60], level=1, contact=None, product="Remote")
    share(bruno, name="Dornbach", days=[None], product="Streaming", serial="")
    assert listed(browser, query) == names


def test_views_count_and_the_open_one_is_marked(bruno, browser):
    share(bruno, days=[-3, 5, 6, 60])
    page = browser.get("/portfolio/?expires=30").content.decode()
    counts = re.findall(r'class="count">(\d+)', page)
    assert counts == ["4", "2", "1", "1", "4", "0"]
    assert 'aria-current="page">Next 30 days' in page


def test_an_empty_firm_is_told_what_comes(browser):
    assert "Nothing is shared with you yet" in browser.get("/portfolio/").content.decode()


def test_filters_without_a_row_offer_the_way_back(bruno, browser):
    share(bruno)
    assert "No coverage matches these filters" in browser.get("/portfolio/?q=zzz").content.decode()


def test_numbers_are_masked_at_every_level(bruno, browser):
    share(bruno, level=3, serial="SN-SECRET-4821")
    page = browser.get("/portfolio/").content.decode()
    assert "••••4821" in page
    assert "SECRET" not in page


def ids(page):
    return re.findall(r'name="coverage" value="([^"]*)"', page)


def test_paging_goes_forth_and_back_over_ties(bruno, browser):
    share(bruno, days=[10] * 120)
    url, seen = "/portfolio/", []
    for _ in range(3):
        page = browser.get(url).content.decode()
        seen += ids(page)
        url = "/portfolio/" + next(iter(re.findall(r'href="([^"]*)" rel="next"', page)), "").replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120
    back = re.findall(r'href="([^"]*)" rel="prev"', page)[0]
    assert (
        re.findall(r'name="coverage" value="([^"]*)"', browser.get(f"/portfolio/{back}").content.decode())
        == seen[50:100]
    )


@pytest.mark.parametrize("query", ["", "?expires=30&mine=1&country=ES&q=lark"])
def test_forty_rows_cost_as_many_statements_as_two(bruno, browser, query):
    share(bruno, days=[5, 6])
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/portfolio/{query}")
    share(bruno, name="Larkmead", days=range(1, 39))
    with CaptureQueriesContext(connection) as many:
        browser.get(f"/portfolio/{query}")
    assert len(few) == len(many)


def test_a_live_answer_holds_the_rows_and_says_the_clean_address(bruno, browser):
    share(bruno)
    answer = browser.get("/portfolio/?q=&expires=30&programme=", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == "/portfolio/?expires=30"
    assert "HX-Request" in answer["Vary"]
    assert "<html" not in answer.content.decode()


def test_it_speaks_spanish(bruno, browser):
    share(bruno, days=[12, -40])
    with database_role("coterm_owner"):
        type(bruno.user).objects.update(language="es")
    page = browser.get("/portfolio/?expires=due").content.decode()
    for words in ("Cartera", "Presupuestar", "en 12 días", "caducó hace 40 días", "caducadas o en 30 días"):
        assert words in page


# --- Taking rows away


def lines(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_an_export_holds_the_filtered_rows_and_is_audited(bruno, browser):
    share(bruno, name="=HYPERLINK(0)", days=[12], serial="SN-SECRET-4821")
    share(bruno, name="Calder", days=[200])
    taken = lines(browser.post("/portfolio/export/?expires=30"))
    assert [row[0] for row in taken] == ["Customer", "'=HYPERLINK(0)"]
    assert taken[1][3] == "••••4821"
    assert taken[1][6] == day(12).isoformat()
    with as_actor(bruno):
        assert AuditEntry.objects.get(verb="portfolio.exported").details == {"rows": 1}


def test_ticked_rows_alone_are_exported_and_never_foreign_ones(bruno, browser):
    _, mine = share(bruno, days=[1, 2, 3])
    _, foreign = share(firm("Halyard & Birch"), name="Tidewater Legal")
    taken = lines(browser.post("/portfolio/export/", {"coverage": [mine[1].pk, foreign[0].pk, "nonsense"]}))
    assert [row[6] for row in taken[1:]] == [day(2).isoformat()]


# --- Saved views


def test_a_view_is_saved_as_a_plain_address(bruno, browser):
    share(bruno)
    kept = browser.post("/portfolio/views/", {"name": "Warranties", "query": "programme=hw&after=x&rubbish=1"})
    assert kept["Location"] == "/portfolio/?programme=hw"
    page = browser.get("/portfolio/?programme=hw").content.decode()
    assert f'href="{escape("/portfolio/?programme=hw")}" aria-current="page">Warranties' in page


def test_a_view_of_the_same_name_gives_way(bruno, browser):
    for query in ("expires=30", "expires=lapsed"):
        browser.post("/portfolio/views/", {"name": "Mine", "query": query})
    with as_actor(bruno):
        assert SavedView.objects.get().query == "expires=lapsed"


def test_a_view_without_a_name_is_refused_and_keeps_its_filters(browser):
    answer = browser.post("/portfolio/views/", {"name": "", "query": "expires=30"})
    assert answer.status_code == 422
    assert 'value="expires=30"' in answer.content.decode()


def test_a_firm_keeps_twenty_views(bruno, browser):
    for number in range(20):
        browser.post("/portfolio/views/", {"name": f"View {number}", "query": "expires=30"})
    assert browser.post("/portfolio/views/", {"name": "One more", "query": "expires=30"}).status_code == 422
    assert browser.post("/portfolio/views/", {"name": "View 3", "query": "expires=lapsed"}).status_code == 302


def test_a_view_is_deleted_by_its_own_firm_alone(bruno, browser):
    browser.post("/portfolio/views/", {"name": "Mine", "query": "expires=30"})
    with as_actor(bruno):
        url = f"/portfolio/views/{SavedView.objects.get().pk}/delete/"
    signed_in(firm("Halyard & Birch")).post(url)
    with as_actor(bruno):
        assert SavedView.objects.count() == 1
    browser.post(url)
    with as_actor(bruno):
        assert not SavedView.objects.exists()
