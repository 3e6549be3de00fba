"""Building a quote on the page: each worked example of the design, to the cent."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.keys import new_id
from renewals.models import Price, PriceSchedule, Quote, QuoteLine, TierDiscount
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory, ProductFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.builder.screens import CHANGE, NEW, SAVE, shown, words
from tests.renewals.desk import firm

pytestmark = pytest.mark.django_db


def test_one_coverage_to_one_date(browser, own):
    own("A", 50, date(2026, 12, 31))
    text = shown(browser, "mode=date&date=2027-06-30")
    assert "Total, all lines to 30 Jun 2027 €1,090.96" in text
    assert "50 × €44.00 × 181/365 = 1,090.958904… → €1,090.96" in text


def test_each_customer_pays_in_its_own_currency_and_nothing_is_converted(products):
    jo = MembershipFactory(organisation__name="Harbour", organisation__slug="harbour", organisation__country="US")
    own = [LicenceFactory(customer=jo.organisation, product=products[name]) for name in "AB"]
    _, unknown = (CoverageFactory(licence=each, quantity=50, expires_on=date(2026, 12, 31)) for each in own)
    text = shown(signed_in(jo), "mode=date&date=2027-12-31")
    assert "No price is in force for Product B." in text and "No total yet" in text and "€" not in text
    text = shown(signed_in(jo), f"mode=date&date=2027-12-31&budget=5000&out={unknown.pk}")
    assert "Total, all lines to 31 Dec 2027 US$2,500.00" in text and "It covers every line to 31 Dec 2028" in text


def test_several_coverages_to_one_date(browser, three):
    text = shown(browser)
    assert "Total, all lines to 31 Dec 2027 €3,540.16" in text
    assert "50 × €44.00 × 1 = €2,200.00" in text
    assert "10 × €120.00 × 275/366 = 901.639344… → €901.64" in text
    assert "€1,500.00 × 107/366 = 438.52459… → €438.52" in text


def test_a_date_at_no_cost(browser, three):
    text = shown(browser, "mode=cost_free")
    assert "Total, all lines to 11 Apr 2027 €0.00" in text
    assert "Product C: 157 days less." in text
    assert "The customer has to consent to it." in text


def test_lapsed_cover_is_reinstated_with_its_fee(browser, own):
    own("A", 50, date(2026, 8, 24))
    text = shown(browser, "mode=latest")
    assert "Total, all lines to 22 Nov 2027 €2,795.23" in text
    for part in ("€2,740.98", "of which 90 days without cover €542.47", "10% of these €54.25"):
        assert part in text


@pytest.mark.parametrize(
    ("query", "total"),
    [("mode=latest", "22 Nov 2027 €3,300.00"), ("mode=date&date=2028-03-31", "31 Mar 2028 €4,081.42")],
)
def test_cover_that_lapsed_long_ago_is_recovered(browser, own, query, total):
    own("A", 50, date(2025, 3, 31))
    text = shown(browser, query)
    assert f"Total, all lines to {total}" in text
    assert "recovery" in text and "50 × (€44.00 × " in text


def test_a_budget_finds_its_date(browser, own):
    own("A", 50, date(2025, 3, 31))
    text = shown(browser, "budget=4500.00")
    assert "It covers every line to 8 Jun 2028 ." in text
    assert "That costs €4,496.17 and leaves €3.83. One day more: €4,502.19." in text
    answer = browser.post(CHANGE, {"state": "budget=4500.00", "fit": "2028-06-08", "budget": "4,500.00"})
    assert "Total, all lines to 8 Jun 2028 €4,496.17" in words(browser.get(answer["Location"]))


def test_each_line_may_have_the_term_or_a_date_of_its_own(browser, three):
    assert "Total, each line to its own date €4,900.00" in shown(browser, "mode=each")
    assert f"on-{three[0].pk}" in browser.get(f"{NEW}?mode=lines").content.decode()
    assert "€3,790.96" in shown(browser, f"mode=lines&on={three[0].pk}:2027-06-30")


def test_all_ways_stand_side_by_side(browser, three):
    text = shown(browser, "mode=date&date=2028-01-31&budget=3540.16")
    ways = text[text.index("Earliest expiry plus 1 year") : text.index("Lines Charged")]
    for way in ("31 Dec 2027 €3,540.16", "15 Sept 2027 €2,105.89", "11 Apr 2027 €0.00", "€4,900.00", "€0.00 left"):
        assert way in ways
    assert "The date you chose 31 Jan 2028" in ways


def test_a_date_that_is_too_early_names_the_lines_and_leaves_them_out(browser, three):
    text = shown(browser, "mode=date&date=2027-06-30")
    assert "Product C cannot end so early." in text and "Total, all lines" not in text
    posted = {"state": "mode=date&date=2027-06-30", "leave": str(three[2].pk), "shown": three[2].pk}
    answer = browser.post(CHANGE, posted)
    assert answer.status_code == 302
    assert "Total, all lines to 30 Jun 2027 €1,389.32" in words(browser.get(answer["Location"]))


def test_a_raised_date_says_so(browser, three):
    assert "The date was raised from 31 Mar 2027 to 15 Sept 2027, for Product C." in shown(browser, "term=3")


def test_a_product_without_a_price_is_named_and_there_is_no_total(browser, alba, three):
    lost = LicenceFactory(customer=alba.organisation, product=ProductFactory(name="Unknown", customer=None))
    CoverageFactory(licence=lost)
    text = shown(browser)
    assert "No price is in force for Unknown." in text and "No total yet" in text
    assert "Total, all lines" not in text


def test_a_coverage_without_a_date_is_pointed_out(browser, alba, three, products):
    CoverageFactory(licence=LicenceFactory(customer=alba.organisation, product=products["A"]), expires_on=None)
    text = shown(browser)
    assert "Product A (Subscription Advantage) has no expiry date." in text and "€3,540.16" in text


def test_a_coverage_on_order_has_no_part_in_a_second_quote(browser, three):
    browser.post(SAVE, {"query": "", "leave": ""})
    with database_role("coterm_owner"):
        QuoteLine.objects.filter(coverage__licence__product__name="Product A").update(held=True)
    text = shown(browser)
    assert "Product A is on order already." in text
    assert "50 × €44.00" not in text and "10 × €120.00" in text


def test_a_larger_band_that_costs_less_is_a_hint(browser, own, products):
    with database_role("coterm_owner"):
        made = PriceSchedule.objects.create(programme="hw", valid_from=date(2026, 1, 1))
        for amount, least, most in ((44, 1, 49), (40, 50, None)):
            fields = {"product": products["A"], "currency": "EUR", "months": 12, "amount": amount}
            Price.objects.create(schedule=made, qty_min=least, qty_max=most, **fields)
        PriceSchedule.objects.filter(pk=made.pk).update(state="published", published_at=timezone.now())
        coverage = own("A", 49, date(2026, 11, 22))
        type(coverage).objects.filter(pk=coverage.pk).update(programme="hw")
    assert "50 of Product A cost €156.00 less than 49." in shown(browser)


def test_live_answers_are_parts_with_the_address_that_leads_back(browser, three):
    posted = {"state": "", "date": "2027-12-31", "was": "2027-12-31", "mode": "one", "term": "24"}
    answer = browser.post(CHANGE, posted, headers={"HX-Request": "true"})
    assert answer["HX-Replace-Url"] == f"{NEW}?term=24"
    assert "<html" not in answer.content.decode() and 'id="bill" hx-swap-oob' in answer.content.decode()


def test_a_budget_that_is_no_amount_is_said(browser, three):
    answer = browser.post(CHANGE, {"state": "", "budget": "much"}, headers={"HX-Request": "true"})
    assert "Write an amount, such as 4,500." in answer.content.decode()


def test_a_choice_too_long_for_an_address_waits_in_the_session(browser, own):
    coverages = [own("A", 1, date(2026, 12, 31)) for _ in range(80)]
    posted = {"coverage": [each.pk for each in coverages]}
    answer = browser.post("/quotes/choose/", posted)
    assert len(answer["Location"]) < 100
    page = browser.get(answer["Location"])
    assert "Bring 80 coverages to one date" in words(page) and "Page 1 of 2" in words(page)


def test_a_note_is_kept_between_two_answers(browser, three):
    browser.post(CHANGE, {"state": "", "notes": "Ask Owen first"})
    assert "Ask Owen first" in browser.get(NEW).content.decode()


def test_a_quote_is_saved_as_it_was_shown(browser, three):
    answer = browser.post(SAVE, {"state": "", "notes": "For the board"})
    assert answer.status_code == 303
    with database_role("coterm_owner"):
        quote = Quote.objects.get()
    assert (quote.totals, quote.notes) == ({"EUR": "3540.16"}, "For the board")


def test_what_cannot_be_calculated_is_not_saved(browser, three):
    answer = browser.post(SAVE, {"state": "mode=date&date=2027-06-30"})
    assert answer.status_code == 422
    assert "Product C cannot end so early." in words(answer)


@pytest.fixture
def draft(browser, three):
    browser.post(SAVE, {"state": "mode=each", "notes": "For the board"})
    with database_role("coterm_owner"):
        return Quote.objects.get()


def test_a_draft_is_opened_again_and_changed_in_place(browser, draft):
    page = browser.get(f"{NEW}?draft={draft.pk}", follow=True)
    assert f"Quote {draft.number} for Larkfield Foods, a draft." in words(page)
    assert "For the board" in page.content.decode() and "€4,900.00" in words(page)
    posted = {"state": page.request["QUERY_STRING"], "use": "earliest", "version": draft.version, "notes": ""}
    assert browser.post(SAVE, posted).status_code == 303
    with database_role("coterm_owner"):
        changed = Quote.objects.get()
    assert (changed.pk, changed.totals, changed.notes) == (draft.pk, {"EUR": "3540.16"}, "")


def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten(browser, draft):
    state = f"customer=larkfield&draft={draft.pk}"
    assert browser.post(SAVE, {"state": state, "version": draft.version}).status_code == 303
    assert browser.post(SAVE, {"state": state, "version": draft.version}).status_code == 409
    assert browser.post(SAVE, {"state": state}).status_code == 409


def test_a_draft_of_somebody_else_is_not_there(draft):
    carmen = signed_in(MembershipFactory())
    assert carmen.get(f"{NEW}?draft={draft.pk}").status_code == 404
    for known in (draft.pk, new_id()):
        assert carmen.post(SAVE, {"state": f"draft={known}"}).status_code == 409


def test_a_gap_that_can_soon_not_be_closed_stands_out(browser, own):
    own("A", 50, date(2025, 11, 25))
    text = shown(browser)
    assert "From 26 Nov 2026 the gap of Product A can no longer be closed." in text
    assert "Reduced to the price of recovery" in text and "Prices hold until 25 Nov 2026" in text
    assert "Closing the gap never costs more than recovery to the same date." in text
    assert "Total, all lines to 22 Nov 2027 €3,300.00" in text


def test_cover_that_lapsed_long_ago_keeps_its_gap(browser, own):
    own("A", 50, date(2025, 3, 31))
    text = shown(browser)
    assert "Product A lapsed too long ago to close the gap." in text
    assert "the first year costs 1.5 times its price" in text
    assert "50% of the first year, for beginning anew" in text


def test_a_product_is_not_covered_beyond_its_retirement(browser, three, products):
    with database_role("coterm_owner"):
        type(products["A"]).objects.filter(pk=products["A"].pk).update(retired_on=date(2027, 12, 30))
    text = shown(browser, "mode=date&date=2027-12-31")
    assert "Product A cannot be covered so long." in text
    assert "The last date that all lines can have is 30 Dec 2027." in text


def test_a_date_at_no_cost_leaves_lapsed_cover_out(browser, own, three):
    own("A", 50, date(2026, 8, 24))
    text = shown(browser, "mode=cost_free")
    assert "lapsed, so without a part in this." in text and "without 1 line" in text


def test_a_budget_below_the_least_says_what_that_is(browser, own):
    own("A", 50, date(2025, 3, 31))
    text = shown(browser, "budget=3299.99")
    assert "The least that covers every line, to 22 Nov 2027, costs more than your budget. It costs €3,300.00." in text


def test_each_line_that_is_raised_says_so(browser, own):
    own("A", 50, date(2026, 8, 24))
    assert "Later dates for Product A." in shown(browser, "mode=each&term=6")


def test_the_discount_of_the_tier_stands_on_the_bill(three):
    bruno = firm()
    with database_role("coterm_owner"):
        TierDiscount.objects.create(tier="gold", valid_from=date(2026, 1, 1), share="0.04")
        type(bruno.organisation.firm).objects.filter(pk=bruno.organisation_id).update(tier="gold")
    grant = {"advisor": bruno.organisation, "level": 2, "ends_on": date(2027, 11, 22)}
    AssignmentFactory(customer_id=three[0].customer_id, **grant)
    text = shown(signed_in(bruno), "customer=larkfield")
    assert "Renewal €3,540.16 Gold partner discount 4% −€141.61" in text
    assert "Total without VAT €3,398.55" in text and "× 0.96" in text
