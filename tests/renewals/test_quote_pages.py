"""The pages of quotes and orders, as each reader gets them."""

from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.keys import new_id
from accounts.models import ApprovalLimit, AuditEntry
from licences.models import Assignment, Coverage
from renewals.models import Order, Quote, QuoteLine
from renewals.rules.papers import MOST_BYTES
from renewals.services.acceptance import accept
from renewals.services.orders import fulfil, place
from tests.cast import MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.quoting import acting, covered, drafted, make_house, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def seen():
    def open_as(membership, name, *args, **query):
        return signed_in(membership).get(reverse(f"renewals:{name}", args=args), query)

    return open_as


@pytest.fixture
def done():
    def post_as(membership, name, *args, **data):
        return signed_in(membership).post(reverse(f"renewals:{name}", args=args), data)

    return post_as


def only(model):
    with database_role("coterm_owner"):
        return model.objects.get()


def test_from_draft_to_confirmation_by_clicking(house, seen, done):
    quote = drafted(house, house.bruno)
    assert done(house.bruno, "quote-send", quote.pk, version=1, to=[house.owen.user_id]).status_code == 303
    page = seen(house.alba, "quote-accept", quote.pk)
    key = page.context["form"].initial["key"]
    assert done(house.alba, "quote-accept", quote.pk, key=key).status_code == 303
    order = only(Order)
    assert done(house.bruno, "order-place", order.pk, purchase_order="PO-1").status_code == 303
    assert done(house.elena, "order-fulfil", order.pk).status_code == 303
    assert only(Order).state == "fulfilled"
    page = seen(house.alba, "order", order.pk)
    assert b"440.00" in page.content and page.context["certificates"]["count"] == 2
    of = seen(house.bruno, "certificate-of", house.coverages[0].pk)
    assert of["Location"] in {
        reverse("renewals:certificate", args=[each.pk]) for each, _ in page.context["certificates"]["rows"]
    }


def test_each_line_shows_its_arithmetic(house, seen):
    page = seen(house.bruno, "quote", drafted(house, house.bruno).pk).content.decode()
    assert "How it is calculated" in page and "€44.00" in page and "€880.00" in page


def test_a_second_click_on_accept_leads_to_the_same_order(house, done):
    quote = submitted(house)
    first, second = (done(house.alba, "quote-accept", quote.pk, key="same") for _ in range(2))
    assert first["Location"] == second["Location"]


def test_a_second_acceptance_is_a_conflict_that_names_the_first(house, done):
    first, second = submitted(house), submitted(house)
    order = accept(acting(house.alba), quote=first)
    answer = done(house.alba, "quote-accept", second.pk, key="other")
    assert answer.status_code == 409 and order.number in answer.content.decode()


def test_a_changed_coverage_is_said_and_cannot_be_accepted(house, seen, done):
    quote = submitted(house)
    with database_role("coterm_owner"):
        Coverage.objects.filter(pk=house.coverages[0].pk).update(quantity=99)
    page = seen(house.alba, "quote", quote.pk)
    assert "its quantity is another" in page.content.decode() and not page.context["may_accept"]
    assert done(house.alba, "quote-accept", quote.pk, key="x").status_code == 409


def test_nobody_finds_a_quote_whose_access_has_ended(house, seen):
    quote = submitted(house)
    with database_role("coterm_owner"):
        Assignment.objects.filter(pk=house.grant.pk).update(status="revoked")
    assert seen(house.bruno, "quote", quote.pk).status_code == 404
    page = seen(house.alba, "quote", quote.pk).content.decode()
    assert "no longer sees all of these licences" in page


def test_an_advisor_sees_serials_masked(house, seen):
    quote = drafted(house, house.bruno)
    serial = house.coverages[0].licence.serial
    assert serial not in seen(house.bruno, "quote", quote.pk).content.decode()


@pytest.mark.parametrize("tab", ["open", "accepted", "renewed", "ended", "all"])
def test_the_list_shows_each_state_in_its_tab(house, seen, tab):
    drafted(house, house.alba)
    rows = seen(house.alba, "quotes", state=tab).context["rows"]
    assert len(rows) == (tab in ("open", "all"))


def test_a_firm_lists_the_quotes_of_one_customer(house, seen):
    submitted(house)
    assert seen(house.bruno, "quotes", customer=house.customer.slug).context["customer"] == house.customer
    assert seen(house.bruno, "quotes", customer="elsewhere").context["rows"] == []


def queries(house, seen, name, *args):
    with CaptureQueriesContext(connection) as found:
        assert seen(house.bruno, name, *args).status_code == 200
    return len(found)


def test_a_quote_of_many_lines_asks_no_more_than_one_of_two(house, seen):
    small = drafted(house, house.bruno)
    large = drafted(house, house.bruno, coverages=[covered(house) for _ in range(60)])
    counts = [queries(house, seen, "quote", each.pk) for each in (small, small, large)]
    assert counts[1] == counts[2]


def test_many_quotes_take_as_many_queries_as_one(house, seen):
    drafted(house, house.bruno)
    queries(house, seen, "quotes")
    before = queries(house, seen, "quotes")
    for _ in range(3):
        drafted(house, house.bruno)
    assert queries(house, seen, "quotes") == before


def test_the_programme_begins_with_what_waits_for_it(house, seen):
    quote = submitted(house)
    order = accept(acting(house.alba), quote=quote)
    assert seen(house.elena, "orders").context["rows"] == []
    place(acting(house.alba), order=order, purchase_order="PO-1")
    assert [row.order.pk for row in seen(house.elena, "orders").context["rows"]] == [order.pk]
    assert seen(house.elena, "quote", quote.pk).status_code == 403


def test_a_quote_is_declined_with_a_reason(house, seen, done):
    quote = submitted(house)
    assert seen(house.alba, "quote-decline", quote.pk).status_code == 200
    done(house.alba, "quote-decline", quote.pk, reason="Too dear")
    assert only(Quote).reason == "Too dear"
    assert seen(house.alba, "quote-decline", quote.pk).status_code == 303


def test_the_programme_says_why_it_cancels(house, done):
    quote = submitted(house)
    order = place(acting(house.alba), order=accept(acting(house.alba), quote=quote), purchase_order="1")
    assert done(house.elena, "order-cancel", order.pk).status_code == 422
    assert done(house.elena, "order-cancel", order.pk, reason="No such product").status_code == 303
    assert (only(Order).state, only(Quote).state) == ("cancelled", "cancelled")


def accepted(house):
    quote = submitted(house)
    return accept(acting(house.alba), quote=quote)


def paper_of(content=b"%PDF-1.7 hostile", name='../a"b\u202efdp.exe'):
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_a_purchase_order_is_kept_as_a_file_and_taken_away_by_who_sees_the_order(house, seen, done):
    order = accepted(house)
    assert done(house.bruno, "order-place", order.pk, purchase_order="PO-1", paper=paper_of()).status_code == 303
    for reader in (house.alba, house.bruno, house.elena):
        answer = seen(reader, "order-paper-file", order.pk)
        assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7 hostile", "application/pdf")
        assert answer["Content-Disposition"] == 'attachment; filename="abfdp.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
    stranger = MembershipFactory(organisation__kind="advisor")
    assert seen(stranger, "order-paper-file", order.pk).status_code == 404
    with database_role("coterm_owner"):
        entry = AuditEntry.objects.filter(verb="order.placed").first()
    assert entry.details["sha256"] == sha256(b"%PDF-1.7 hostile").hexdigest()


def test_a_file_is_replaced_until_the_order_is_confirmed(house, seen, done):
    order = place(acting(house.alba), order=accepted(house), purchase_order="PO-1")
    assert seen(house.alba, "order-paper-file", order.pk).status_code == 404
    for member, content in ((house.owen, b"%PDF-1"), (house.bruno, b"\xff\xd8\xff2")):
        assert done(member, "order-paper", order.pk, paper=paper_of(content)).status_code == 303
    fulfil(acting(house.elena), order=order)
    assert done(house.alba, "order-paper", order.pk, paper=paper_of()).status_code == 409
    assert seen(house.alba, "order-paper-file", order.pk).content == b"\xff\xd8\xff2"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<svg onload=x>", "neither a PDF nor"), (b"", "empty"), (b"%PDF-" + b"0" * MOST_BYTES, "larger than 5 MB")],
)
def test_another_file_is_refused_and_nothing_is_lost(house, done, content, says):
    order = accepted(house)
    answer = done(house.alba, "order-place", order.pk, purchase_order="PO-1", paper=paper_of(content))
    assert answer.status_code == 422 and says in answer.content.decode() and "PO-1" in answer.content.decode()
    assert only(Order).state == "to_place"


def test_who_may_not_accept_reads_who_may_and_how_far_the_own_limit_goes(house, seen):
    ana, cleo = (MembershipFactory(organisation=house.customer, role="approver") for _ in range(2))
    with database_role("coterm_owner"):
        for member, amount in ((ana, "100"), (cleo, "9000")):
            ApprovalLimit.objects.create(organisation=house.customer, membership=member, currency="EUR", amount=amount)
    quote = submitted(house)
    page = text_of(seen(ana, "quote-accept", quote.pk))
    assert "Your own limit is €100.00." in page and "Accept and order" not in page
    assert house.alba.user.name in page and f"{cleo.user.name}, approver · up to €9,000.00" in page.replace(
        "Approver", "approver"
    )
    assert "only while there is no approver" in text_of(seen(house.owen, "quote", quote.pk))
    assert "Your own limit is €9,000.00." in text_of(seen(cleo, "quote-accept", quote.pk))


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("name", ["quote", "quote-accept", "quote-pdf"])
def test_totals_of_several_currencies_stand_by_themselves(house, seen, name):
    quote = drafted(house, house.alba)
    with database_role("coterm_owner"):
        line = QuoteLine.objects.filter(quote=quote).first()
        QuoteLine.objects.filter(pk=line.pk).delete()
        line.pk, line.currency, line.amount = new_id(), "JPY", 70_000
        line.save(force_insert=True)
        Quote.objects.filter(pk=quote.pk).update(totals={"EUR": "440.00", "JPY": "70000"})
    answer = seen(house.alba, name, quote.pk)
    text = printed(answer) if name == "quote-pdf" else text_of(answer)
    assert "€440.00" in text and "¥70,000" in text and "70,440" not in text


def printed(answer):
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
