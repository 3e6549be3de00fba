"""The grid, its cells, the review of many, and one assignment's page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment
from licences.rules import Status
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    CoverageFactory,
    FirmFactory,
    MembershipFactory,
    today,
)
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
GRID = "/licences/assignments/"
END = today() + timedelta(100)


@pytest.fixture
def people(larkfield):
    """A browser for each role of the customer."""
    return lambda role="owner": signed_in(MembershipFactory(organisation=larkfield, role=role))


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    """Meridian may view the first two coverages for a hundred days."""
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=END, picked=coverages[:2]
    )


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def test_the_grid_shows_each_firm_and_points_out_who_is_alone(grant, people, coverages):
    page = people().get(GRID).text
    assert "Meridian Systems" in page
    assert page.count('class="cell"') == 2 and page.count("cell cell-none") == 1
    assert "1 coverage has no advisor" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [("?without=1", 1), ("?expires=30", 1), ("?expires=90", 2), ("?expires=lapsed", 0), ("?q=nothing", 0), ("", 3)],
)
def test_filters_narrow_the_grid(grant, people, query, count):
    assert people().get(GRID + query).text.count('name="coverage"') == count


def test_the_grid_is_found_by_product_serial_and_programme(grant, people, coverages):
    licence = coverages[0].licence
    assert people().get(GRID, {"q": str(licence.product).upper()}).text.count('name="coverage"') == 1
    assert people().get(GRID, {"q": licence.serial}).text.count('name="coverage"') == 1
    assert people().get(GRID, {"programme": "hw"}).text.count('name="coverage"') == 0


def test_selecting_those_without_an_advisor_ticks_them(grant, people):
    assert people().get(GRID, {"without": "1", "select": "1"}).text.count('" checked') >= 1


def test_more_firms_than_fit_are_paged(larkfield, people, coverages):
    for _ in range(6):
        AssignmentFactory(
            customer=larkfield, advisor=FirmFactory().organisation, scope="selected", picked=coverages[:1]
        )
    page = people().get(GRID).text
    assert page.count('class="col-org"') == 4 and "Advisors 1 to 4 of 6" in page
    assert people().get(GRID, {"firms": "2"}).text.count('class="col-org"') == 2


def test_the_grid_asks_the_database_as_often_for_many_as_for_few(larkfield, people, grant, coverages):
    browser, counts = people(), []
    for number in (0, 12):
        for _ in range(number):
            one = CoverageFactory(licence__customer=larkfield)
            firm = FirmFactory().organisation
            AssignmentFactory(customer=larkfield, advisor=firm, scope="selected", picked=[one])
        with CaptureQueriesContext(connection) as queries:
            browser.get(GRID)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_those_who_may_only_look_see_no_controls(grant, people):
    page = people("viewer").get(GRID).text
    assert "Meridian Systems" in page
    assert 'class="cell"' not in page and 'name="coverage"' not in page and "Add advisor" not in page


def test_a_cell_is_changed_on_its_own_page(grant, people, bruno, meridian, coverages, seen):
    browser, url = people(), f"{GRID}{coverages[2].pk}/{meridian.pk}/"
    page = browser.get(url)
    answer = browser.post(url, {"give": "2", "until": "year", "stamp": hidden(page, "stamp")})
    assert answer["Location"] == GRID
    assert seen(bruno)[coverages[2].pk] == AccessLevel.QUOTE


def test_a_cell_can_be_emptied(grant, people, bruno, meridian, coverages, seen):
    browser, url = people("renewals_manager"), f"{GRID}{coverages[0].pk}/{meridian.pk}/"
    browser.post(url, {"give": "none", "until": "year", "stamp": hidden(browser.get(url), "stamp")})
    assert set(seen(bruno)) == {coverages[1].pk}


def test_a_late_cell_is_shown_again_and_changes_nothing(grant, people, bruno, meridian, coverages, seen):
    browser, url = people(), f"{GRID}{coverages[0].pk}/{meridian.pk}/"
    stamp = hidden(browser.get(url), "stamp")
    browser.post(url, {"give": "2", "until": "year", "stamp": stamp})
    answer = browser.post(url, {"give": "3", "until": "year", "stamp": stamp})
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text
    assert seen(bruno)[coverages[0].pk] == AccessLevel.QUOTE


def test_many_are_reviewed_before_they_change(grant, people, bruno, meridian, coverages, seen):
    browser = people()
    asked = {"coverage": [c.pk for c in coverages], "advisor": meridian.pk, "give": "2", "until": "date"}
    asked["ends_on"] = (today() + timedelta(50)).isoformat()
    page = browser.get(f"{GRID}review/", asked)
    assert "3 licences change for Meridian Systems" in page.text
    assert set(seen(bruno).values()) == {AccessLevel.VIEW}
    browser.post(f"{GRID}review/", {**asked, "stamp": hidden(page, "stamp")})
    assert set(seen(bruno).values()) == {AccessLevel.QUOTE} and len(seen(bruno)) == 3


def test_a_late_review_is_shown_afresh(grant, people, meridian, coverages):
    browser = people()
    asked = {"coverage": [coverages[0].pk], "advisor": meridian.pk, "give": "2", "until": "year"}
    answer = browser.post(f"{GRID}review/", {**asked, "stamp": "old"})
    assert answer.status_code == 409
    assert "1 licence changes for Meridian Systems" in answer.text


def test_a_review_of_nothing_leads_back(grant, people, meridian):
    assert people().get(f"{GRID}review/", {"advisor": meridian.pk, "give": "2"})["Location"] == GRID


def test_an_impossible_end_is_not_reviewed(grant, people, meridian, coverages):
    asked = {"coverage": [coverages[0].pk], "advisor": meridian.pk, "give": "2", "until": "date", "ends_on": ""}
    assert people().get(f"{GRID}review/", asked).status_code == 422


def changes(page, grant, coverages, ticked, **other):
    return {
        "version": hidden(page, "version"),
        "listed": [c.pk for c in coverages],
        "coverage": [c.pk for c in ticked],
        "scope": "selected",
        "level": 1,
        "until": "date",
        "ends_on": END.isoformat(),
        **other,
    }


def test_one_assignment_is_changed_on_its_page(grant, people, bruno, coverages, seen):
    browser, url = people(), f"{GRID}{grant.pk}/"
    answer = browser.post(url, changes(browser.get(url), grant, coverages, coverages[1:], level=3))
    assert answer["Location"] == url
    assert seen(bruno) == {coverages[1].pk: 3, coverages[2].pk: 3}


def test_a_late_form_says_what_differs_and_keeps_what_was_chosen(grant, people, coverages, alba):
    browser, url = people(), f"{GRID}{grant.pk}/"
    page = browser.get(url)
    browser.post(url, changes(page, grant, coverages, coverages[:2], level=2))
    answer = browser.post(url, changes(page, grant, coverages, coverages[1:], level=3))
    assert answer.status_code == 409
    assert "You wanted" in answer.text and hidden(answer, "version") == "2"
    assert re.search(r'name="level" value="3" checked', answer.text)
    kept = re.findall(r'name="coverage" value="([^"]+)" id="\w+" checked', answer.text)
    assert kept == [str(each.pk) for each in coverages[1:]]
    assert answer.text.count(">shared now<") == answer.text.count(">not shared now<") == 1
    again = browser.post(url, changes(answer, grant, coverages, coverages[:2], level=3))
    assert again.status_code == 303
    with acting_as(alba):
        assert Assignment.objects.get(pk=grant.pk).level == 3


def test_taking_the_last_licence_away_is_refused_on_the_page(grant, people, coverages):
    browser, url = people(), f"{GRID}{grant.pk}/"
    answer = browser.post(url, changes(browser.get(url), grant, coverages, []))
    assert answer.status_code == 422 and "Choose at least one licence" in answer.text


def test_removing_says_first_what_is_lost(grant, people, bruno, seen, coverages):
    browser, url = people(), f"{GRID}{grant.pk}/remove/"
    page = browser.get(url)
    assert "Meridian Systems will no longer see 2 licences" in page.text
    assert str(coverages[0].licence.product) in page.text
    assert len(seen(bruno)) == 2
    browser.post(url, {"version": hidden(page, "version")})
    assert seen(bruno) == {}


def test_a_late_removal_removes_nothing(grant, people, bruno, seen):
    answer = people().post(f"{GRID}{grant.pk}/remove/", {"version": 7})
    assert answer.status_code == 409
    assert len(seen(bruno)) == 2


def test_an_ended_assignment_stays_as_a_record(larkfield, meridian, people, coverages):
    over = AssignmentFactory(
        customer=larkfield, advisor=meridian, scope="selected", status=Status.REVOKED.value, picked=coverages
    )
    page = people().get(f"{GRID}{over.pk}/")
    assert "This access has ended" in page.text and "Save changes" not in page.text
    assert people().get(f"{GRID}{over.pk}/remove/")["Location"] == f"{GRID}{over.pk}/"


def test_a_viewer_reads_an_assignment_and_cannot_change_it(grant, people, bruno, seen, coverages):
    browser, url = people("viewer"), f"{GRID}{grant.pk}/"
    assert "Save changes" not in browser.get(url).text
    browser.post(url, {"version": 1, "scope": "selected", "level": 3, "until": "year"})
    assert set(seen(bruno).values()) == {AccessLevel.VIEW}
    assert browser.get(f"{url}remove/").status_code == 403


def test_strangers_and_advisors_find_nothing(grant, meridian, coverages):
    carmen, bruno = signed_in(MembershipFactory()), signed_in(MembershipFactory(organisation=meridian))
    for path in (f"{grant.pk}/", f"{grant.pk}/remove/", f"{coverages[0].pk}/{meridian.pk}/"):
        absent = path.replace(str(grant.pk), str(meridian.pk)).replace(str(coverages[0].pk), str(meridian.pk))
        foreign = carmen.get(GRID + path)
        assert (foreign.status_code, carmen.get(GRID + absent).status_code) == (404, 404)
        assert bruno.get(GRID + path).status_code == 403


def test_a_firm_without_access_has_no_cell(grant, people, coverages):
    other = ContactFactory().firm.organisation
    assert people().get(f"{GRID}{coverages[0].pk}/{other.pk}/").status_code == 404


def test_a_grant_of_everything_offers_to_follow_it(larkfield, meridian, people, coverages, bruno, seen, contact):
    AssignmentFactory(customer=larkfield, advisor=meridian, contact=contact, level=2)
    browser, url = people(), f"{GRID}{coverages[0].pk}/{meridian.pk}/"
    browser.post(url, {"give": "none", "until": "year", "stamp": hidden(browser.get(url), "stamp")})
    assert coverages[0].pk not in seen(bruno)
    page = browser.get(url)
    assert "As its access to all licences" in page.text
    browser.post(url, {"give": "follow", "until": "year", "stamp": hidden(page, "stamp")})
    assert seen(bruno)[coverages[0].pk] == AccessLevel.QUOTE


def test_a_manager_of_renewals_sees_renew_but_cannot_give_it(larkfield, meridian, people, coverages, contact):
    grant = AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", level=3, picked=coverages, ends_on=END
    )
    browser, url = people("renewals_manager"), f"{GRID}{grant.pk}/"
    page = browser.get(url)
    assert 'name="level" value="3" checked' in page.text
    lengthened = changes(page, grant, coverages, coverages, level=3, ends_on=(END + timedelta(9)).isoformat())
    assert browser.post(url, lengthened).status_code == 403
    assert browser.post(url, changes(page, grant, coverages, coverages, level=1)).status_code == 303


def test_members_of_the_programme_see_no_grid(larkfield):
    manager = MembershipFactory(organisation__kind="programme", role="manager")
    assert signed_in(manager).get(GRID).status_code == 403


def test_a_viewers_form_is_refused(grant, people):
    sent = {"version": 1, "scope": "selected", "level": 3, "until": "year"}
    assert people("viewer").post(f"{GRID}{grant.pk}/", sent).status_code == 403


def test_a_form_for_what_has_ended_says_so(larkfield, meridian, people, coverages):
    over = AssignmentFactory(
        customer=larkfield, advisor=meridian, scope="selected", status=Status.REVOKED.value, picked=coverages
    )
    sent = {"version": 1, "scope": "selected", "level": 2, "until": "year"}
    answer = people().post(f"{GRID}{over.pk}/", sent)
    assert answer.status_code == 409
    assert "Removed" in answer.text


def test_beneath_everything_only_what_is_left_out_is_alone(larkfield, meridian, people, coverages, contact):
    everything = AssignmentFactory(customer=larkfield, advisor=meridian, contact=contact, level=2)
    browser, url = people(), f"{GRID}{coverages[0].pk}/{meridian.pk}/"
    assert "no advisor" not in browser.get(GRID).text
    browser.post(url, {"give": "none", "until": "year", "stamp": hidden(browser.get(url), "stamp")})
    assert browser.get(GRID, {"without": "1"}).text.count('name="coverage"') == 1
    assert "will no longer see 2 licences" in browser.get(f"{GRID}{everything.pk}/remove/").text


def test_licences_without_a_date_have_a_filter_of_their_own(grant, people, larkfield):
    CoverageFactory(licence__customer=larkfield, expires_on=None)
    assert people().get(GRID, {"expires": "none"}).text.count('name="coverage"') == 1


def test_every_difference_is_put_into_words(grant, people, coverages):
    browser, url = people(), f"{GRID}{grant.pk}/"
    page = browser.get(url)
    browser.post(url, changes(page, grant, coverages, coverages, ends_on=(END - timedelta(9)).isoformat()))
    answer = browser.post(url, changes(page, grant, coverages, coverages[:1], scope="all", level=3))
    for words in ("Which licences", "Access level", "Until", "All, future ones included", "You wanted"):
        assert words in answer.text
