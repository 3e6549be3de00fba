"""Who may build a quote of what: levels, ends of access, strangers."""

from datetime import date

import pytest

from accounts.keys import new_id
from licences.rules import Scope
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.builder.screens import CHANGE, NEW, SAVE, shown, words
from tests.renewals.desk import day, firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno():
    return firm()


def shares(bruno, coverages, **grant):
    grant = {"scope": Scope.SELECTED.value, "level": 2, "ends_on": date(2027, 11, 22), **grant}
    return AssignmentFactory(
        customer_id=coverages[0].customer_id, advisor=bruno.organisation, picked=coverages, **grant
    )


def test_a_firm_quotes_what_it_may(bruno, three):
    shares(bruno, three[:2])
    text = shown(signed_in(bruno), "customer=larkfield")
    assert "€3,101.64" in text and "Product C" not in text
    assert "May be incomplete: you see the licences that were shared." in text


def test_nothing_is_said_to_be_missing_from_a_grant_of_everything(bruno, three):
    AssignmentFactory(customer_id=three[0].customer_id, advisor=bruno.organisation, level=2, ends_on=date(2027, 11, 22))
    text = shown(signed_in(bruno), "customer=larkfield")
    assert "€3,540.16" in text and "May be incomplete" not in text


def test_at_level_view_there_are_no_prices(bruno, three):
    shares(bruno, three[:2])
    shares(bruno, three[2:], level=1)
    text = shown(signed_in(bruno), "customer=larkfield")
    assert "You see the dates of Product C, not the prices." in text
    assert "€3,101.64" in text and "€1,500.00" not in text


def test_with_dates_alone_there_is_no_total(bruno, three):
    shares(bruno, three, level=1)
    text = shown(signed_in(bruno), "customer=larkfield")
    assert "No total yet" in text and "€" not in text.partition("What date fits")[0]


def test_what_is_no_longer_shared_falls_out_like_what_never_was(bruno, three):
    shares(bruno, three[:1])
    browser, sentence = signed_in(bruno), "Some of what you chose is not in this quote."
    for foreign in (three[1].pk, new_id()):
        text = shown(browser, f"customer=larkfield&coverage={three[0].pk}&coverage={foreign}")
        assert sentence in text and "Product B" not in text and "Renew 1 coverage" in text
    assert sentence not in shown(browser, f"customer=larkfield&coverage={three[0].pk}")


def test_a_quote_shown_before_access_ended_is_not_saved(bruno, three):
    grant = shares(bruno, three)
    browser = signed_in(bruno)
    state = "customer=larkfield&" + "&".join(f"coverage={each.pk}" for each in three)
    with database_role("coterm_owner"):
        type(grant).objects.filter(pk=grant.pk).update(status="revoked")
    shares(bruno, three[:1])
    answer = browser.post(SAVE, {"state": state})
    assert answer.status_code == 422
    assert "Some of what you chose is not in this quote." in words(answer)


def test_a_customer_that_shares_nothing_is_not_there(bruno, three):
    browser = signed_in(bruno)
    for slug in ("larkfield", "nobody"):
        assert browser.get(f"{NEW}?customer={slug}").status_code == 404
        assert browser.post(CHANGE, {"state": f"customer={slug}"}).status_code == 409
        assert browser.post(SAVE, {"state": f"customer={slug}"}).status_code == 409


def test_a_customer_builds_its_own_quotes_alone(three):
    carmen = signed_in(MembershipFactory())
    assert carmen.get(f"{NEW}?customer=larkfield").status_code == 404
    text = shown(carmen, f"coverage={three[0].pk}")
    assert "Product A" not in text and "No total yet" in text


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_may_not_build_quotes_is_refused(alba, three, role):
    browser = signed_in(MembershipFactory(organisation=alba.organisation, role=role))
    assert browser.get(NEW).status_code == 403
    for path in (CHANGE, SAVE, "/quotes/choose/"):
        assert browser.post(path).status_code == 403


def test_coverages_of_several_customers_are_quoted_one_after_another(bruno, three, products):
    other = CoverageFactory(licence=LicenceFactory(product=products["A"]), expires_on=day(40))
    shares(bruno, three)
    shares(bruno, [other])
    browser = signed_in(bruno)
    several = browser.post("/quotes/choose/", {"coverage": [three[0].pk, other.pk, new_id()]})
    text = words(browser.get(several["Location"]))
    assert "Whose coverages come first?" in text and "Larkfield Foods 1 coverage chosen" in text
    alone = browser.post("/quotes/choose/", {"coverage": [three[0].pk]})
    assert "Renew 1 coverage" in words(browser.get(alone["Location"], follow=True))


def test_without_coverages_a_firm_is_shown_where_to_begin(bruno):
    assert "Choose coverages first" in shown(signed_in(bruno))
