"""The list of licences and one licence's page: for its customer, and for an advisor as far as it was granted."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from licences.models import Coverage, CoverageTerm, Licence
from tests.cast import (
    AssignmentFactory,
    CoverageFactory,
    LicenceFactory,
    MembershipFactory,
    ProductFactory,
    TermFactory,
    today,
)
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(larkfield):
    return signed_in(MembershipFactory(organisation=larkfield))


@pytest.fixture
def gateway(larkfield):
    """Ten gateways: a gap of two months lies between the terms of their Subscription Advantage."""
    product = ProductFactory(name="Gateway VPX")
    licence = LicenceFactory(
        customer=larkfield, product=product, serial="GVX-2231-77AB", quantity=10, note="In the cellar", supplier="Brook"
    )
    coverage = CoverageFactory(licence=licence, starts_on=today() - timedelta(300), expires_on=today() + timedelta(65))
    TermFactory(coverage=coverage, starts_on=today() - timedelta(725), ends_on=today() - timedelta(360))
    TermFactory(coverage=coverage)
    return licence


def cover_of(licence, **fields):
    return CoverageFactory(licence=licence, **fields)


def text(answer):
    return answer.content.decode()


def own(model, **question):
    with database_role("coterm_owner"):
        return model.objects.get(**question)


def test_a_first_run_points_to_the_import(browser):
    shown = text(browser.get("/licences/"))
    assert "No licences yet" in shown and 'href="/licences/import/"' in shown


def test_the_list_shows_each_coverage_soonest_first_and_points_out_what_has_no_date(browser, gateway, larkfield):
    undated = LicenceFactory(customer=larkfield, product=ProductFactory(name="Studio"))
    cover_of(undated, expires_on=None, starts_on=None)
    shown = text(browser.get("/licences/"))
    assert shown.index("Gateway VPX") < shown.index("Studio")
    assert "GVX-2231-77AB" in shown
    assert "1 coverage has no expiry date" in shown and "No date" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=gateway", True),
        ("q=2231", True),
        ("q=studio", False),
        ("programme=sa", True),
        ("programme=hw", False),
        ("state=soon", True),
        ("state=lapsed", False),
        ("state=undated", False),
        ("state=nonsense&programme=%00&q=%00", True),
    ],
)
def test_the_list_is_narrowed_by_text_programme_and_state(browser, gateway, query, found):
    assert ("GVX-2231-77AB" in text(browser.get(f"/licences/?{query}"))) is found


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(browser, larkfield, django_assert_num_queries):
    product = ProductFactory()
    for count in (1, 60):
        for _ in range(count):
            cover_of(LicenceFactory(customer=larkfield, product=product))
        with django_assert_num_queries(10):
            answer = browser.get("/licences/")
    assert "after=" in text(answer)


def test_another_customer_sees_nothing_of_it(gateway):
    stranger = signed_in(MembershipFactory())
    assert "Gateway" not in text(stranger.get("/licences/"))
    assert stranger.get(f"/licences/{gateway.pk}/").status_code == 404
    assert stranger.get(f"/licences/{gateway.pk}/edit/").status_code == 404


def test_the_page_draws_the_cover_and_its_gap(browser, gateway):
    shown = text(browser.get(f"/licences/{gateway.pk}/"))
    assert 'class="bar-gap"' in shown and "Not covered" in shown
    assert "In the cellar" in shown and "GVX-2231-77AB" in shown


def test_the_page_says_who_has_access_and_with_what(browser, gateway, larkfield, meridian, contact):
    AssignmentFactory(customer=larkfield, advisor=meridian, contact=contact, level=2)
    shown = text(browser.get(f"/licences/{gateway.pk}/"))
    assert "Meridian Systems" in shown and "Lucía Ferrer" in shown and "Quote" in shown


def test_the_page_asks_the_same_number_of_questions_however_many_firms_see_it(
    browser, gateway, larkfield, meridian, django_assert_max_num_queries
):
    AssignmentFactory(customer=larkfield, advisor=meridian)
    for _ in range(4):
        AssignmentFactory(customer=larkfield)
    with django_assert_max_num_queries(16):
        browser.get(f"/licences/{gateway.pk}/")


@pytest.mark.parametrize("level", [1, 2, 3])
def test_an_advisor_sees_a_masked_serial_and_nothing_of_the_customers_own(gateway, larkfield, meridian, level):
    AssignmentFactory(customer=larkfield, advisor=meridian, level=level)
    shown = text(signed_in(MembershipFactory(organisation=meridian)).get(f"/licences/{gateway.pk}/"))
    assert "••••77AB" in shown and "GVX-2231" not in shown
    assert not any(secret in shown for secret in ("In the cellar", "Brook", "Who has access", ">History<"))


def test_an_advisor_sees_only_the_coverages_that_were_shared(gateway, larkfield, meridian):
    shared = cover_of(gateway, programme="hw")
    AssignmentFactory(customer=larkfield, advisor=meridian, scope="selected", picked=[shared])
    shown = text(signed_in(MembershipFactory(organisation=meridian)).get(f"/licences/{gateway.pk}/"))
    assert "Hardware warranty" in shown and "Subscription Advantage" not in shown


def test_an_advisor_without_access_finds_nothing(gateway, meridian):
    assert signed_in(MembershipFactory(organisation=meridian)).get(f"/licences/{gateway.pk}/").status_code == 404


def test_a_licence_is_added_by_hand_with_its_first_coverage(browser):
    form = {"product": "Edge", "serial": "E-1", "quantity": 3, "programme": "hw", "expires_on": "2027-05-01"}
    answer = browser.post("/licences/add/", form)
    licence = own(Licence, serial="E-1")
    assert answer.headers["Location"] == f"/licences/{licence.pk}/"
    assert (own(Coverage).programme, own(Coverage).quantity, own(CoverageTerm).ends_on.year) == ("hw", 3, 2027)
    assert "Added the licence <b>Edge E-1</b>" in text(browser.get(answer.headers["Location"]))


def test_a_form_that_is_sent_twice_adds_one_licence(browser):
    form = {"product": "Edge", "serial": "E-1", "quantity": 3, "programme": "hw"}
    assert browser.post("/licences/add/", form).status_code == 303
    again = browser.post("/licences/add/", form | {"product": "EDGE", "serial": "e-1"})
    assert again.status_code == 422 and "with this number already" in text(again)
    assert own(Licence).serial == "E-1"


def test_what_was_typed_is_kept_when_something_is_wrong(browser):
    form = {"product": "Edge", "quantity": 0, "programme": "hw", "starts_on": "2027-05-02", "expires_on": "2027-05-01"}
    answer = browser.post("/licences/add/", form)
    assert answer.status_code == 422
    assert "would end before it starts" in text(answer) and 'value="Edge"' in text(answer)


def test_a_licence_is_changed_and_a_late_form_is_told_so(browser, gateway):
    address = f"/licences/{gateway.pk}/edit/"
    form = {"serial": "NEW-1", "quantity": 12, "note": "One\r\nTwo", "version": 1}
    assert browser.post(address, form).status_code == 303
    changed = own(Licence, pk=gateway.pk)
    assert (changed.serial, changed.quantity, changed.note, changed.version) == ("NEW-1", 12, "One\nTwo", 2)
    late = browser.post(address, form | {"serial": "NEW-2"})
    assert late.status_code == 409 and "Somebody else was faster" in text(late)
    assert own(Licence, pk=gateway.pk).serial == "NEW-1"


def test_saving_without_a_change_writes_nothing(browser, gateway):
    shown = browser.get(f"/licences/{gateway.pk}/edit/")
    browser.post(f"/licences/{gateway.pk}/edit/", shown.context["form"].initial | {"bought_on": ""})
    assert own(Licence, pk=gateway.pk).version == 1
    with database_role("coterm_owner"):
        assert not AuditEntry.objects.exists()


def test_a_later_last_day_is_a_renewal_and_keeps_the_old_term(browser, gateway):
    coverage = own(Coverage, licence=gateway)
    later = coverage.expires_on + timedelta(365)
    form = {"quantity": 10, "starts_on": coverage.starts_on, "expires_on": later, "version": 1}
    assert browser.post(f"/licences/coverages/{coverage.pk}/", form).status_code == 303
    with database_role("coterm_owner"):
        last = CoverageTerm.objects.order_by("-ends_on").first()
        assert (CoverageTerm.objects.count(), last.starts_on) == (3, coverage.expires_on + timedelta(1))
    assert "Changed the expiry of Subscription Advantage" in text(browser.get(f"/licences/{gateway.pk}/"))


def test_saving_a_coverage_without_a_change_keeps_its_version_and_terms(browser, gateway):
    coverage = own(Coverage, licence=gateway)
    form = {"quantity": 10, "starts_on": coverage.starts_on, "expires_on": coverage.expires_on, "version": 1}
    assert browser.post(f"/licences/coverages/{coverage.pk}/", form).status_code == 303
    assert own(Coverage, pk=coverage.pk).version == 1
    with database_role("coterm_owner"):
        assert CoverageTerm.objects.count() == 2


def test_a_late_form_of_a_coverage_is_told_so(browser, gateway):
    coverage = own(Coverage, licence=gateway)
    form = {"quantity": 11, "version": 7}
    assert browser.post(f"/licences/coverages/{coverage.pk}/", form).status_code == 409


def test_a_coverage_is_added_once_for_each_programme(browser, gateway):
    address, form = f"/licences/{gateway.pk}/coverages/add/", {"programme": "hw", "quantity": 2}
    assert browser.post(address, form).status_code == 303
    again = browser.post(address, form)
    assert again.status_code == 422 and "has a coverage in this programme already" in text(again)


@pytest.mark.parametrize("page", ["edit/", "coverages/add/"])
def test_the_forms_are_shown_to_who_may_edit_alone(browser, gateway, larkfield, page):
    viewer = signed_in(MembershipFactory(organisation=larkfield, role="viewer"))
    assert browser.get(f"/licences/{gateway.pk}/{page}").status_code == 200
    assert viewer.get(f"/licences/{gateway.pk}/{page}").status_code == 403
    assert "Change the licence" not in text(viewer.get(f"/licences/{gateway.pk}/"))


def test_an_advisor_may_not_edit_what_it_sees(gateway, larkfield, meridian):
    AssignmentFactory(customer=larkfield, advisor=meridian, level=3)
    bruno = signed_in(MembershipFactory(organisation=meridian))
    assert bruno.get(f"/licences/{gateway.pk}/edit/").status_code == 403
    assert bruno.get("/licences/").status_code == 403


def test_a_lapsed_coverage_shows_the_gap_until_today(browser, larkfield):
    licence = LicenceFactory(customer=larkfield)
    lapsed = cover_of(licence, starts_on=today() - timedelta(405), expires_on=today() - timedelta(40))
    TermFactory(coverage=lapsed)
    shown = text(browser.get(f"/licences/{licence.pk}/"))
    assert "lapsed 40 days ago" in shown and "Not covered" in shown


def test_a_coverage_without_a_date_is_pointed_out_and_gets_one(browser, larkfield):
    coverage = cover_of(LicenceFactory(customer=larkfield), starts_on=None, expires_on=None)
    address = f"/licences/coverages/{coverage.pk}/"
    assert "has no expiry date" in text(browser.get(f"/licences/{coverage.licence_id}/"))
    assert browser.get(address).status_code == 200
    assert "between 1970 and 2199" in text(
        browser.post(address, {"quantity": 1, "expires_on": "1900-01-01", "version": 1})
    )
    assert browser.post(address, {"quantity": 1, "expires_on": "2028-01-01", "version": 1}).status_code == 303
    shown = text(browser.get(f"/licences/{coverage.licence_id}/"))
    assert "from no date to 1\xa0Jan\xa02028" in shown


def test_the_history_of_a_licence_is_told(browser, gateway):
    browser.post(f"/licences/{gateway.pk}/coverages/add/", {"programme": "hw", "quantity": 2})
    hardware = own(Coverage, programme="hw")
    browser.post(f"/licences/coverages/{hardware.pk}/", {"quantity": 3, "version": 1})
    browser.post(f"/licences/coverages/{hardware.pk}/", {"quantity": 3, "version": 2})
    shown = text(browser.get(f"/licences/{gateway.pk}/"))
    assert "Added Hardware warranty to <b>Gateway VPX GVX-2231-77AB</b>, through no date" in shown
    assert shown.count("Changed Hardware warranty of") == 1


def test_a_form_that_is_wrong_is_shown_again(browser, gateway):
    assert browser.get("/licences/add/").status_code == 200
    assert browser.post(f"/licences/{gateway.pk}/edit/", {"quantity": 0, "version": 1}).status_code == 422
    assert browser.post(f"/licences/{gateway.pk}/coverages/add/", {"programme": "zz"}).status_code == 422
