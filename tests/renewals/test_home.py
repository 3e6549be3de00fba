"""The first page: the customer's, the advisor's, and those who have little to see yet."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit import record
from accounts.models import CountryContact
from licences.rules import Scope
from tests.cast import (
    AssignmentFactory,
    CoverageFactory,
    FirmFactory,
    LicenceFactory,
    MembershipFactory,
    ProductFactory,
    TermFactory,
    actor,
)
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.desk import as_actor, day, firm, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def alba():
    return MembershipFactory(organisation__name="Larkfield Foods", user__name="Alba Torres")


@pytest.fixture
def bruno():
    return firm()


def own(member, *days, product="Gateway 5500", quantity=2):
    made = ProductFactory(name=product, customer=member.organisation)
    return [
        CoverageFactory(
            licence=LicenceFactory(customer=member.organisation, product=made),
            quantity=quantity,
            expires_on=None if each is None else day(each),
        )
        for each in days
    ]


def words(member):
    """The page's text without markup."""
    page = signed_in(member).get("/")
    assert page.status_code == 200
    main = page.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main)).replace("\u00a0", " ").replace("&nbsp;", " ")


def speak_spanish(member):
    with database_role("coterm_owner"):
        type(member.user).objects.update(language="es")


# --- A customer


def test_the_headline_says_what_expires_and_what_has_lapsed(alba):
    own(alba, 12, 12, 12, 200, -40)
    said = words(alba)
    assert "3 coverages expire on" in said
    assert "in 12 days. One has lapsed." in said
    assert "Larkfield Foods owns 10 licences under 5 coverages. They expire on 3 dates." in said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([200], "Nothing expires before"),
        ([-3], "Your one coverage has lapsed."),
        ([-3, -4], "All 2 coverages have lapsed."),
        ([None], "None of your coverages has an expiry date."),
        ([5, None], "1 has no date: nobody is reminded of it."),
        ([0], "1 coverage expires on"),
    ],
)
def test_every_standing_has_its_headline(alba, days, said):
    own(alba, *days)
    assert said in words(alba)


def test_the_strip_draws_terms_and_gaps(alba):
    (coverage,) = own(alba, 40)
    TermFactory(coverage=coverage, starts_on=day(-250), ends_on=day(-100))
    TermFactory(coverage=coverage, starts_on=day(-60), ends_on=day(40))
    page = signed_in(alba).get("/").content.decode()
    strip = page.split('<ol class="strip">')[1].split("</ol>")[0]
    assert strip.count("bar-gap") == 1
    assert strip.count("<li>") == 1


def test_a_customer_sees_its_advisors_and_whom_to_ask(alba, bruno):
    one, two, _ = own(alba, 12, 30, 60)
    facts = {"customer": alba.organisation, "advisor": bruno.organisation, "scope": Scope.SELECTED.value}
    AssignmentFactory(**facts, level=1, picked=[one], ends_on=day(100))
    AssignmentFactory(**facts, level=3, picked=[two], ends_on=day(200))
    with database_role("coterm_owner"):
        CountryContact.objects.create(country="ES", name="Marisol Vega", phone="+34 1", email="es@programme.example")
    said = words(alba)
    for expected in ("Meridian Systems", "View", "Renew", "2 coverages, ends in part on", "Marisol Vega"):
        assert expected in said
    assert "1 coverage has no advisor" in said


def test_an_advisor_of_everything_reaches_what_is_not_left_out(alba, bruno):
    own(alba, 12, 30)
    AssignmentFactory(customer=alba.organisation, advisor=bruno.organisation)
    said = words(alba)
    assert "2 coverages, until" in said
    assert "Every coverage has an advisor" in said


def test_a_viewer_is_offered_nothing_that_its_role_may_not(alba):
    own(alba, 12)
    viewer = MembershipFactory(organisation=alba.organisation, role="viewer")
    assert "Add advisor" in words(alba)
    assert "Add advisor" not in words(viewer)
    assert "Import licences" not in words(viewer)


def test_an_empty_customer_is_led_to_its_first_steps(alba):
    assert "No licences of Larkfield Foods yet. Bring them in first." in words(alba)


def test_the_home_shows_nothing_of_another_customer(alba, bruno):
    share(bruno, name="Tidewater Legal", product="Tidewater gateway")
    own(alba, 12)
    assert "Tidewater" not in words(alba)


def test_forty_coverages_cost_a_customer_as_many_statements_as_two(alba):
    own(alba, 12, 13)
    browser = signed_in(alba)
    with CaptureQueriesContext(connection) as few:
        browser.get("/")
    own(alba, *range(1, 39), product="Gateway 7500")
    with CaptureQueriesContext(connection) as many:
        browser.get("/")
    assert len(few) == len(many)


def test_a_customers_home_speaks_spanish(alba):
    own(alba, 12, 12, -40)
    speak_spanish(alba)
    said = words(alba)
    assert "2 coberturas caducan el" in said
    assert "en 12 días . Una ya ha caducado." in said.replace("días. Una", "días . Una")
    assert "Gestionar mis renovaciones" in said


# --- An advisor


def test_the_overview_counts_and_links(bruno):
    share(bruno, name="Larkfield", days=[12, 40, 70, -5])
    share(bruno, name="Aster", days=[5], ends_on=day(20))
    page = signed_in(bruno).get("/").content.decode()
    figures = re.findall(r'class="figure" href="([^"]*)".*?figure-value">([^<]*)<', page)
    assert [(url.replace("&amp;", "&"), value) for url, value in figures] == [
        ("/customers/", "2"),
        ("/portfolio/?expires=30", "2"),
        ("/portfolio/?expires=31-60", "1"),
        ("/portfolio/?expires=61-90", "1"),
        ("/portfolio/?expires=lapsed", "1"),
        ("/customers/?view=ending", "1"),
    ]


def test_the_overview_says_what_expires_and_where(bruno):
    share(bruno, name="Larkfield", days=[12, 13])
    share(bruno, name="Aster", days=[5, -400])
    said = words(bruno)
    assert "3 coverages expire in the next 30 days, across 2 customers." in said
    assert "One has lapsed." in said
    assert "The largest is" in said


def test_the_timeline_counts_what_was_renewed_and_what_lapsed(bruno):
    _, (coverage, _) = share(bruno, days=[40, -70])
    TermFactory(coverage=coverage, starts_on=day(-425), ends_on=day(-61))
    page = signed_in(bruno).get("/").content.decode()
    table = page.split('<details class="data">')[1].split("</details>")[0]
    cells = [int(each) for each in re.findall(r'<td class="num">(\d+)</td>', table)]
    assert [sum(cells[column::4]) for column in range(4)] == [1, 0, 1, 1]


def test_needs_attention_names_the_reason(bruno):
    share(bruno, name="Aster", days=[-340])
    share(bruno, name="Brightwater", days=[28], ends_on=day(27))
    share(bruno, name="Norrland", days=[19], level=1)
    said = words(bruno)
    order = [said.index(f"{name} Gateway") for name in ("Aster", "Norrland", "Brightwater")]
    assert order == sorted(order)
    assert "After 26 more days the gap can no longer be closed" in said
    assert "Your access ends the day before it expires" in said
    assert "You see the dates but not the prices" in said
    assert said.index("Ask for access") < said.index("Ask for a later end")


def test_access_changes_come_from_the_audit(bruno, alba):
    AssignmentFactory(customer=alba.organisation, advisor=bruno.organisation)
    with as_actor(alba):
        both = [alba.organisation_id, bruno.organisation_id]
        record(actor(alba), "assignment.granted", organisations=both, customer_id=alba.organisation_id, level=2)
    said = words(bruno)
    assert said.index("Access changes") < said.index("Larkfield Foods") < said.index("Alba Torres")


def test_open_next_steps_are_reminded_of(bruno):
    share(bruno, slug="larkfield")
    browser = signed_in(bruno)
    browser.post("/customers/larkfield/notes/", {"text": "Call about the gap", "due_on": day(2).isoformat()})
    assert "Call about the gap" in words(bruno)


def test_an_advisor_without_customers_is_told_how_they_come(bruno):
    assert "No customer has given you access yet." in words(bruno)


def test_an_advisor_whose_customers_share_nothing_is_told_so(bruno):
    share(bruno, days=[])
    assert "Your customers share no coverage at the moment." in words(bruno)


def test_forty_customers_cost_an_advisor_as_many_statements_as_two(bruno):
    for name in ("Aster", "Calder"):
        share(bruno, name=name, days=[12, -340])
    browser = signed_in(bruno)
    with CaptureQueriesContext(connection) as few:
        browser.get("/")
    for number in range(38):
        share(bruno, name=f"Customer {number}", days=[number, -340 - number % 20])
    with CaptureQueriesContext(connection) as many:
        browser.get("/")
    assert len(few) == len(many)


def test_an_overview_speaks_spanish(bruno):
    share(bruno, days=[12, -5])
    speak_spanish(bruno)
    said = words(bruno)
    for expected in ("1 cobertura caduca en los próximos 30 días,", "Requiere atención", "Clientes asignados"):
        assert expected in said


# --- The others


def test_a_manager_is_sent_to_the_desk():
    elena = MembershipFactory(organisation__kind="programme", role="manager")
    answer = signed_in(elena).get("/")
    assert answer.status_code in (200, 302)


def test_a_distributor_finds_what_was_handed_over_to_it():
    farid = MembershipFactory(organisation__kind="distributor", role="member")
    assert signed_in(farid).get("/")["Location"] == "/transfers/"


def test_a_stranger_signs_in(client):
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_a_firm_needs_no_card_in_the_directory_to_see_its_home():
    member = MembershipFactory(organisation=FirmFactory().organisation, role="member")
    assert "No customer has given you access yet." in words(member)
