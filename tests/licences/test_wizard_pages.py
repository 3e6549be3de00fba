"""The four steps of adding an advisor, walked without script."""

import re
from datetime import timedelta

import pytest

from accounts.models import CountryContact
from accounts.tenancy import acting_as
from advisors.services import index_firm
from licences.models import Assignment, Selection
from licences.rules import Status
from licences.rules.changes import Stale
from tests.cast import AssignmentFactory, CoverageFactory, FirmFactory, MembershipFactory, today
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(larkfield):
    """A browser for each role of the customer."""
    return lambda role="owner": signed_in(MembershipFactory(organisation=larkfield, role=role))


@pytest.fixture
def begun(people, meridian, contact):
    """Alba's browser, with a draft for Meridian at its second step."""
    browser = people()
    answer = browser.post("/advisors/add/", {"firm": meridian.pk})
    return browser, re.search(r"add/([0-9a-f-]+)/contact", answer["Location"])[1]


def steps_of(browser, pk):
    return {name: f"/advisors/add/{pk}/{name}/" for name in ("contact", "access", "review")}


def choices(coverages, ticked, **other):
    return {
        "listed": [c.pk for c in coverages],
        "coverage": [c.pk for c in ticked],
        "scope": "selected",
        "level": 2,
        "until": "year",
        **other,
    }


def test_the_whole_way_from_search_to_access(begun, bruno, contact, coverages, seen, firm):
    browser, pk = begun
    step = steps_of(browser, pk)
    assert contact.name in browser.get(step["contact"]).text
    browser.post(step["contact"], {"contact": contact.pk, "message": "One date, please."})
    assert browser.post(step["access"], choices(coverages, coverages[:2])).status_code == 303
    page = browser.get(step["review"])
    assert "will see 2 licences and may quote for them" in page.text
    assert seen(bruno) == {}
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    assert browser.post(step["review"], {"version": version})["Location"] == "/licences/assignments/"
    assert set(seen(bruno)) == {coverage.pk for coverage in coverages[:2]}


def test_search_works_without_script_and_offers_radio_buttons(people, firm):
    with database_role("coterm_owner"):
        index_firm(firm)
    page = people().get("/advisors/add/", {"country": "ES", "q": "mer"}).text
    assert f'type="radio" name="firm" value="{firm.pk}"' in page


def test_continuing_without_a_firm_says_so(people):
    answer = people().post("/advisors/add/", {})
    assert answer.status_code == 422
    assert "Choose a firm to continue" in answer.text


def test_a_firm_that_helps_already_is_updated_instead(people, larkfield, meridian, coverages):
    grant = AssignmentFactory(customer=larkfield, advisor=meridian, scope="selected", picked=coverages)
    answer = people().post("/advisors/add/", {"firm": meridian.pk})
    assert answer.status_code == 422
    assert "already helps you with 3 coverages" in answer.text
    assert f"/licences/assignments/{grant.pk}/" in answer.text


def test_going_back_keeps_every_choice(begun, contact, coverages):
    browser, pk = begun
    step = steps_of(browser, pk)
    browser.post(step["contact"], {"contact": contact.pk, "message": "One date, please."})
    browser.post(step["access"], choices(coverages, coverages[:1], level=1))
    assert "One date, please." in browser.get(step["contact"]).text
    assert browser.get(step["access"]).text.count(" checked") == 1 + 1 + 1 + 1  # licence, scope, level, end
    assert "Meridian Systems" in browser.get(f"/advisors/add/{pk}/").text


def test_ticks_are_kept_by_every_button(begun, coverages, alba):
    browser, pk = begun
    url = steps_of(browser, pk)["access"]
    answer = browser.post(url, choices(coverages, coverages[:1], until="date", ends_on="", then="?after=x"))
    assert answer["Location"] == f"{url}?after=x"
    with acting_as(alba):
        assert Selection.objects.filter(assignment=pk).count() == 1


@pytest.mark.parametrize(("then", "count"), [("all", 3), ("none", 0)])
def test_all_or_none_at_one_press(begun, coverages, alba, then, count):
    browser, pk = begun
    browser.post(steps_of(browser, pk)["access"], choices(coverages, coverages[:1], then=then))
    with acting_as(alba):
        assert Selection.objects.filter(assignment=pk).count() == count


def test_no_licence_is_refused_with_the_page_kept(begun, coverages):
    browser, pk = begun
    answer = browser.post(steps_of(browser, pk)["access"], choices(coverages, []))
    assert answer.status_code == 422
    assert "Choose at least one licence" in answer.text


@pytest.mark.parametrize(
    ("until", "day", "says"),
    [
        ("date", "", "still to come"),
        ("date", (today() - timedelta(2)).isoformat(), "still to come"),
        ("date", (today() + timedelta(900)).isoformat(), "or an earlier day"),
    ],
)
def test_an_impossible_end_says_why(begun, coverages, until, day, says):
    browser, pk = begun
    answer = browser.post(steps_of(browser, pk)["access"], choices(coverages, coverages, until=until, ends_on=day))
    assert answer.status_code == 422
    assert says in answer.text
    assert "novalidate" in answer.text  # Else the browser stops a day out of bounds, whichever end is chosen.


def test_the_end_may_be_the_last_expiry_whatever_day_was_typed_before(begun, coverages, alba):
    browser, pk = begun
    typed = (today() - timedelta(2)).isoformat()
    browser.post(steps_of(browser, pk)["access"], choices(coverages, coverages[:2], until="last", ends_on=typed))
    with acting_as(alba):
        assert Assignment.objects.get(pk=pk).ends_on == coverages[1].expires_on


def test_the_review_names_whom_to_ask(begun, contact, coverages):
    with database_role("coterm_owner"):
        CountryContact.objects.create(country="ES", name="Inés Prat", phone="+34 900", email="ines@programme.example")
    browser, pk = begun
    assert "Inés Prat" in browser.get(steps_of(browser, pk)["review"]).text


def test_confirming_what_has_changed_shows_it_again(begun, contact, coverages, bruno, seen):
    browser, pk = begun
    step = steps_of(browser, pk)
    browser.post(step["contact"], {"contact": contact.pk})
    browser.post(step["access"], choices(coverages, coverages[:2]))
    answer = browser.post(step["review"], {"version": 1})
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text
    assert seen(bruno) == {}


def test_an_unfinished_draft_leads_back_to_what_is_missing(begun, alba):
    browser, pk = begun
    with acting_as(alba):
        version = Assignment.objects.get(pk=pk).version
    answer = browser.post(steps_of(browser, pk)["review"], {"version": version})
    assert answer["Location"] == steps_of(browser, pk)["contact"]


def test_a_renewals_manager_is_not_offered_what_only_owners_give(people, meridian, contact, coverages):
    browser = people("renewals_manager")
    begun = browser.post("/advisors/add/", {"firm": meridian.pk})["Location"]
    url = begun.replace("contact", "access")
    page = browser.get(url).text
    assert 'name="level" value="3"' not in page
    assert browser.post(url, choices(coverages, coverages, level=3)).status_code == 422


def test_an_owners_draft_of_renew_waits_for_an_owner(begun, people, contact, coverages):
    browser, pk = begun
    step = steps_of(browser, pk)
    browser.post(step["contact"], {"contact": contact.pk})
    browser.post(step["access"], choices(coverages, coverages, level=3))
    page = people("renewals_manager").get(step["review"]).text
    assert "Only an owner of your organisation may give this" in page
    assert "Give access</button>" not in page


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_others_of_the_customer_may_not_add(people, role):
    assert people(role).get("/advisors/add/").status_code == 403


def test_advisors_may_not_add_and_nobody_signs_in_first(meridian, client):
    assert signed_in(MembershipFactory(organisation=meridian)).get("/advisors/add/").status_code == 403
    assert client.get("/advisors/add/").status_code == 302


@pytest.mark.parametrize("step", ["", "contact/", "access/", "review/"])
def test_a_strangers_draft_is_as_absent(begun, step):
    _, pk = begun
    carmen = signed_in(MembershipFactory())
    absent = carmen.get(f"/advisors/add/{FirmFactory().pk}/{step}")
    foreign = carmen.get(f"/advisors/add/{pk}/{step}")
    assert foreign.status_code == absent.status_code == 404


def test_a_draft_is_listed_and_can_be_discarded(begun, alba):
    browser, pk = begun
    assert f"/advisors/add/{pk}/contact/" in browser.get("/licences/assignments/").text
    browser.post(f"/advisors/add/{pk}/discard/")
    assert f"/advisors/add/{pk}/" not in browser.get("/licences/assignments/").text
    with acting_as(alba):
        assert Assignment.objects.get(pk=pk).status == Status.DISCARDED


def test_pressing_give_access_twice_finds_it_given(begun, contact, coverages):
    browser, pk = begun
    step = steps_of(browser, pk)
    browser.post(step["contact"], {"contact": contact.pk})
    browser.post(step["access"], choices(coverages, coverages))
    version = re.search(r'name="version" value="(\d+)"', browser.get(step["review"]).text)[1]
    browser.post(step["review"], {"version": version})
    assert browser.post(step["review"], {"version": version})["Location"] == f"/licences/assignments/{pk}/"


def test_foreign_licences_cannot_be_ticked(begun, alba):
    browser, pk = begun
    foreign = CoverageFactory()
    browser.post(steps_of(browser, pk)["access"], choices([foreign], [foreign]))
    with acting_as(alba):
        assert not Selection.objects.filter(assignment=pk).exists()


def test_the_review_of_everything_counts_on_the_future(begun, contact, coverages, bruno, seen):
    browser, pk = begun
    step = steps_of(browser, pk)
    browser.post(step["contact"], {"contact": contact.pk})
    browser.post(step["access"], choices(coverages, [], scope="all", until="last"))
    page = browser.get(step["review"])
    assert "will see all your licences, future ones included" in page.text
    browser.post(step["review"], {"version": re.search(r'name="version" value="(\d+)"', page.text)[1]})
    assert len(seen(bruno)) == 3


def test_a_draft_that_somebody_discarded_answers_409(begun, monkeypatch):
    browser, pk = begun
    monkeypatch.setattr("licences.views.wizard.choose_contact", raise_stale)
    page = steps_of(browser, pk)["contact"]
    contact = re.search(r'name="contact" value="([^"]+)"', browser.get(page).text)[1]
    assert browser.post(page, {"contact": contact}).status_code == 409


def raise_stale(*args, **kwargs):
    raise Stale


def test_coming_back_after_the_confirmation_leads_to_the_assignment(begun, contact, coverages):
    browser, pk = begun
    step = steps_of(browser, pk)
    browser.post(step["contact"], {"contact": contact.pk})
    browser.post(step["access"], choices(coverages, coverages[:1]))
    version = re.search(r'name="version" value="(\d+)"', browser.get(step["review"]).text)[1]
    browser.post(step["review"], {"version": version})
    for path in (*step.values(), f"/advisors/add/{pk}/"):
        assert browser.get(path)["Location"] == f"/licences/assignments/{pk}/"
