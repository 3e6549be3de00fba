"""The pricing schedule for customers and advisors; and the programme's desk of versions, files and policies."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.rules import AccessLevel
from licences.rules import Scope
from renewals.models import Price, PriceSchedule, RenewalPolicy, TierDiscount
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory, ProductFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.test_bases import publish

pytestmark = pytest.mark.django_db
TODAY = date.today()  # noqa: DTZ011
PRICING, DESK, UPLOAD = "/pricing/", "/programme/prices/", "/programme/prices/import/"
HEAD = "programme,product,currency,months,qty_min,qty_max,price\n"


@pytest.fixture
def elena():
    return signed_in(MembershipFactory(organisation__kind="programme", role="manager"))


@pytest.fixture
def alba():
    return signed_in(MembershipFactory(organisation__country="ES"))


@pytest.fixture
def gateway():
    return ProductFactory(name="Gateway")


def text(answer):
    return " ".join(answer.content.decode().split())


def two_versions(product, first=44, second="45.32"):
    """One in force, and one from tomorrow on."""
    publish(product, first, begins_on=TODAY - timedelta(30), ends_on=TODAY)
    return publish(product, second, begins_on=TODAY + timedelta(1))


def drafts():
    with database_role("coterm_owner"):
        return list(PriceSchedule.objects.filter(state="draft"))


def prices(schedule):
    with database_role("coterm_owner"):
        return list(Price.objects.filter(schedule=schedule).order_by("amount").values_list("amount", flat=True))


def upload(browser, content, **fields):
    file = SimpleUploadedFile("prices.csv", content.encode())
    answer = browser.post(UPLOAD, {"file": file, "programme": "sa", **fields})
    return text(browser.get(answer.headers["Location"])) if answer.status_code == 303 else text(answer)


def test_a_customer_reads_what_is_in_force_and_what_it_becomes(alba, gateway):
    two_versions(gateway)
    assert "€44.00" in (shown := text(alba.get(PRICING))) and "then €45.32" in shown and "(+3%)" in shown
    assert "€45.32" in (later := text(alba.get(PRICING, {"view": "changes"}))) and "+3%" in later


@pytest.mark.parametrize(("level", "sees"), [(AccessLevel.VIEW, False), (AccessLevel.QUOTE, True)])
def test_an_advisor_reads_prices_once_it_may_quote(gateway, level, sees):
    bruno = MembershipFactory(organisation__kind="advisor")
    two_versions(gateway)
    licence = LicenceFactory(product=gateway)
    CoverageFactory(licence=licence)
    AssignmentFactory(customer=licence.customer, advisor=bruno.organisation, scope=Scope.ALL, level=level)
    browser = signed_in(bruno)
    assert ("€44.00" in (shown := text(browser.get(PRICING)))) is sees
    assert ("as soon as a customer lets your firm quote" in shown) is not sees
    assert ("44.00" in text(browser.get("/pricing/prices.csv"))) is sees


def test_a_distributor_reads_none():
    assert signed_in(MembershipFactory(organisation__kind="distributor", role="member")).get(PRICING).status_code == 403


def test_filters_narrow_the_page_and_the_file(alba, gateway):
    other = ProductFactory(name="Studio")
    publish([gateway, other], 44, 71)
    publish(gateway, 9, programme="hw")
    for query, kept in (({"q": "stud"}, "€71.00"), ({"programme": "hw"}, "€9.00"), ({"q": "nothing"}, "No price fits")):
        shown = text(alba.get(PRICING, query))
        assert kept in shown and "€44.00" not in shown
    assert text(alba.get("/pricing/prices.csv", {"q": "stud"})).count("EUR") == 1


def test_a_page_takes_the_same_statements_however_many_prices(alba, gateway, django_assert_max_num_queries):
    publish(gateway, 44)
    with django_assert_max_num_queries(40) as few:
        alba.get(PRICING)
    publish([ProductFactory() for _ in range(60)], *range(1, 61), programme="am")
    with django_assert_max_num_queries(len(few)):
        shown = text(alba.get(PRICING))
    assert 'rel="next"' in shown


def test_a_new_version_is_a_copy_that_is_changed_and_published(elena, gateway):
    publish(gateway, 44, begins_on=TODAY - timedelta(9))
    elena.post(f"{DESK}new/", {"programme": "sa"})
    (draft,) = drafts()
    elena.post(f"{DESK}{draft.pk}/move/", {"percent": "3"})
    shown = text(elena.get(f"{DESK}{draft.pk}/", {"state": "changed"}))
    assert "€44.00" in shown and "€45.32" in shown and "+3%" in shown
    begins_on = TODAY + timedelta(5)
    elena.post(f"{DESK}{draft.pk}/publish/", {"valid_from": begins_on.isoformat(), "note": "Yearly"})
    with database_role("coterm_owner"):
        days = PriceSchedule.objects.order_by("valid_from").values_list("valid_from", "valid_to")
        assert list(days)[-2:] == [(TODAY - timedelta(9), begins_on - timedelta(1)), (begins_on, None)]
    elena.post(f"{DESK}{draft.pk}/withdraw/")
    assert [each.pk for each in drafts()] == [draft.pk]
    elena.post(f"{DESK}{draft.pk}/delete/")
    assert drafts() == []


def test_what_cannot_be_published_says_why(elena, gateway):
    elena.post(f"{DESK}new/", {"programme": "sa"})
    (draft,) = drafts()
    answer = elena.post(f"{DESK}{draft.pk}/publish/", {"valid_from": TODAY.isoformat()})
    assert answer.status_code == 422 and "without prices is not published" in text(answer)
    version = publish(gateway, 44)
    for verb in ("delete", "withdraw", "move"):
        assert elena.post(f"{DESK}{version.pk}/{verb}/", {"percent": 1}).status_code == 409


def test_an_overlap_names_both_bands(elena, gateway):
    elena.post(f"{DESK}new/", {"programme": "sa"})
    (draft,) = drafts()
    url, row = f"{DESK}{draft.pk}/prices/new/", {"product": gateway.pk, "currency": "eur", "months": 12}
    assert elena.post(url, row | {"qty_min": 1, "qty_max": 49, "amount": "44,50"}).status_code == 303
    answer = elena.post(url, row | {"qty_min": 40, "amount": "40"})
    assert answer.status_code == 422 and "“40 or more” overlaps “1–49”" in text(answer)
    with database_role("coterm_owner"):
        price = Price.objects.get(schedule=draft)
    own = f"{DESK}{draft.pk}/prices/{price.pk}/"
    assert "44.50" in text(elena.get(own))
    assert elena.post(f"{own}delete/").status_code == 303
    assert prices(draft) == []


def test_an_exported_file_is_imported_again_unchanged(elena, gateway):
    with database_role("coterm_owner"):
        hostile = ProductFactory(name="=HYPERLINK(1)")
    for programme in ("sa", "hw"):
        version = publish([gateway, hostile], "0.0045", 1500, programme=programme)
    file = elena.get(f"{DESK}{version.pk}/export/").content.decode()
    assert "'=HYPERLINK(1)" in file and ",0.0045" in file and ",1500.00" in file
    shown = upload(elena, file, programme="hw")
    assert "refused" not in shown and 'Unchanged <span class="count">2</span>' in shown
    assert 'Changed <span class="count">0</span>' in shown and 'Removed <span class="count">0</span>' in shown


def test_refused_lines_are_told_and_stop_no_other(elena, gateway):
    lines = [
        "sa,Gateway,EUR,12,1,49,44",
        "sa,Gateway,EUR,12,40,,40",
        "hw,Gateway,EUR,24,1,,80",
        "sa,Nothing,EUR,12,1,,80",
        "sa,Gateway,XXQ,12,1,,80",
        "sa,Gateway,EUR,0,1,,80",
        'sa,Gateway,EUR,36,1,,"1,234"',
        "sa,Gateway,EUR,36,9,2,=1+1",
    ]
    shown = upload(elena, HEAD + "\n".join(lines))
    for reason in (
        "Line 3: Line 2 has a price for some of these quantities already.",
        "Line 4: “hw” is another programme",
        "Line 5: The catalogue has no product “Nothing”",
        "Line 6: “XXQ” is no currency",
        "Line 7: months is no whole number",
        "Line 8: “1,234” may be a thousand",
        "Line 9: price is no amount: “=1+1”",
        "Line 9: qty_max, “2”, is less than qty_min.",
    ):
        assert reason in shown
    assert prices(drafts()[0]) == [44]


@pytest.mark.parametrize(("keep", "left"), [({}, [80]), ({"keep": "on"}, [44, 80])])
def test_prices_that_a_file_does_not_name_are_kept_on_request(elena, gateway, keep, left):
    publish(gateway, 44)
    shown = upload(elena, "product,currency,months,price\nGateway,EUR,24,80\n", **keep)
    assert prices(drafts()[0]) == left
    assert f'Removed <span class="count">{2 - len(left)}</span>' in shown


def test_a_file_that_cannot_be_read_leaves_nothing(elena):
    assert "lacks the column “price”" in upload(elena, "product,currency,months\nGateway,EUR,12\n")
    assert drafts() == []


def test_a_policy_is_previewed_then_added_then_taken_back(elena):
    begins_on = TODAY + timedelta(9)
    numbers = {
        "boundary": 180,
        "fee": 12,
        "factor": "1.5",
        "minimum_months": 12,
        "horizon_months": 60,
        "validity_days": 30,
    }
    form = {"programme": "sa", "valid_from": begins_on.isoformat(), "rounding": "half_up", **numbers}
    url = reverse("renewals:policy-new")
    said = text(elena.post(url, form))
    assert "Reinstatement fee: 10% → 12%" in said and "Last day of reinstatement: 365 → 180" in said
    assert elena.post(url, form | {"confirm": "1"}).status_code == 303
    assert elena.post(url, form | {"confirm": "1"}).status_code == 422
    with database_role("coterm_owner"):
        policy = RenewalPolicy.objects.get()
    assert "12%" in text(elena.get("/programme/prices/policies/"))
    assert elena.post(f"/programme/prices/policies/{policy.pk}/withdraw/").status_code == 303
    assert elena.post(url, form | {"factor": "0.5"}).status_code == 422


def test_a_discount_is_added_and_taken_back(elena):
    form = {"tier": "gold", "valid_from": (TODAY + timedelta(1)).isoformat(), "percent": "4"}
    url = reverse("renewals:discount")
    assert [elena.post(url, form).status_code for _ in range(2)] == [303, 422]
    with database_role("coterm_owner"):
        cut = TierDiscount.objects.get()
    assert str(cut.share) == "0.0400" and "4%" in text(elena.get("/programme/prices/policies/"))
    assert elena.post(f"/programme/prices/policies/discounts/{cut.pk}/withdraw/").status_code == 303


def test_the_file_for_customers_has_both_versions_with_their_days(alba, gateway):
    two_versions(gateway)
    rows = list(csv.DictReader(io.StringIO(alba.get("/pricing/prices.csv").content.decode("utf-8-sig"))))
    assert [(row["price"], row["valid_to"]) for row in rows] == [("44.00", TODAY.isoformat()), ("45.32", "")]


def test_the_desk_lists_each_programme_with_its_versions(elena, gateway):
    two_versions(gateway)
    publish(gateway, 40, begins_on=TODAY - timedelta(60), ends_on=TODAY - timedelta(31))
    elena.post(f"{DESK}new/", {"programme": "sa"})
    shown = text(elena.get(DESK))
    for word in ("Draft, today", "To come", "In force", "Past", "No version yet"):
        assert word in shown
    assert elena.post(f"{DESK}new/", {"programme": "nothing"}).status_code == 303 and len(drafts()) == 1


def test_the_activity_tells_what_was_done_in_words(elena, gateway):
    publish(gateway, 44)
    upload(elena, "product,currency,months,price\nGateway,EUR,24,80\n")
    (draft,) = drafts()
    elena.post(f"{DESK}{draft.pk}/move/", {"percent": "-1.5"})
    elena.post(f"{DESK}{draft.pk}/publish/", {"valid_from": (TODAY + timedelta(3)).isoformat()})
    elena.post(reverse("renewals:discount"), {"tier": "gold", "valid_from": TODAY.isoformat(), "percent": "4"})
    shown = text(elena.get("/activity/"))
    for words in (
        "Imported 1 price for Subscription Advantage into a draft",
        "Changed every price of a draft for Subscription Advantage by -1.5%",
        "Published prices for Subscription Advantage, valid from",
        "Set the discount of tier Gold to 4% from",
    ):
        assert words in shown
