"""The pages of asking blindly: the same bytes and the same queries, whoever was meant; and the customer's answer."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import AccessCode, Approach, Assignment
from licences.services.introductions import introduce_firms
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.tenancy.probes import undone

pytestmark = pytest.mark.django_db
ASK, CODE, DOMAIN = "/customers/ask/", "/licences/assignments/code/", "larkfield.example"
CHANGES = (
    r'(csrfmiddlewaretoken" value=")[^"]+',
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}",
    r'datetime="[^"]*"',
    r"\d?\d:\d\d(\N{NARROW NO-BREAK SPACE}[AP]M)?",
    r'<meta [^>]*>|nonce="[^"]*"|\{"X-CSRFToken[^}]*\}',
)


@pytest.fixture
def owner(larkfield):
    return signed_in(MembershipFactory(organisation=larkfield, user__email=f"alba@{DOMAIN}"))


@pytest.fixture
def advisor(meridian):
    return signed_in(MembershipFactory(organisation=meridian, role="member"))


def form(contact, **more):
    return {"target": DOMAIN, "level": 2, "scope": "selected", "contact": contact.pk, "message": "Please"} | more


def introduced(client, contact, **more):
    answer = client.post(ASK, form(contact, **more))
    with database_role("coterm_worker"):
        introduce_firms()
    return answer


def seen(client, *, contact, between=lambda: None):
    """What the firm gets from its question to its withdrawal: status, place, page without tokens, and queries."""
    found = []
    steps = [
        lambda: client.post(ASK, form(contact)),
        lambda: client.get(ASK),
        lambda: client.post(ASK, form(contact)),
        lambda: client.get(ASK),
        lambda: client.get("/activity/"),
        lambda: client.get("/customers/"),
        lambda: client.post(f"{ASK}{newest()}/withdraw/"),
        lambda: client.get(ASK),
    ]
    for number, step in enumerate(steps):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = step()
        found.append((answer.status_code, answer.get("Location"), stripped(answer), len(queries)))
        with database_role("coterm_worker"):
            introduce_firms()
        if number == 0:
            between()
    return found


def newest():
    with database_role("coterm_owner"):
        return Approach.objects.latest("created_at").pk


def stripped(answer):
    text = answer.content.decode()
    for pattern in CHANGES:
        text = re.sub(pattern, "…", text)
    return text


def decline():
    with database_role("coterm_owner"):
        Assignment.objects.filter(status="requested").update(status="declined")


def test_the_firm_gets_the_same_bytes_and_queries_whoever_was_meant(advisor, contact, larkfield, meridian):
    advisor.get(ASK)
    with undone():
        nobody = seen(advisor, contact=contact)
    MembershipFactory(organisation=larkfield, user__email=f"alba@{DOMAIN}")
    with undone():
        assert seen(advisor, contact=contact) == nobody
        assert assigned() >= 1
    with undone():
        assert seen(advisor, contact=contact, between=decline) == nobody


def assigned():
    with database_role("coterm_owner"):
        return Assignment.objects.filter(approach__isnull=False).count()


def test_five_a_day_and_the_page_says_how_many_are_left(advisor, contact):
    for left in (5, 4, 3, 2, 1):
        assert f"{left} request" in advisor.get(ASK).content.decode()
        assert advisor.post(ASK, form(contact)).status_code == 303
    assert b"You can ask again from" in advisor.get(ASK).content
    assert advisor.post(ASK, form(contact)).status_code == 429


@pytest.mark.parametrize("typed", ["", "larkfield", "x@", "12345-6789", "a b.example"])
def test_what_is_neither_domain_nor_code_is_typed_again(advisor, contact, typed):
    assert advisor.post(ASK, form(contact, target=typed)).status_code == 422


def test_the_customer_finds_it_at_home_and_among_the_assignments_and_gives_less(
    owner, advisor, contact, coverages, larkfield
):
    assert introduced(advisor, contact, scope="all", level=3).status_code == 303
    page = f"/licences/assignments/asked/{row().pk}/"
    for place in ("/", "/licences/assignments/"):
        assert page.encode() in owner.get(place).content
    assert owner.get(f"/licences/assignments/{row().pk}/")["Location"] == page
    chosen = {"scope": "selected", "level": 1, "until": "last", "version": 1, "answer": "approve"}
    assert owner.post(page, chosen).status_code == 422
    ticked = {"listed": [c.pk for c in coverages], "coverage": [coverages[0].pk], "version": row().version}
    assert owner.post(page, chosen | ticked).status_code == 303
    assert (row().status, row().level, row().ends_on) == ("active", AccessLevel.VIEW, coverages[0].expires_on)
    assert f"/customers/{larkfield.slug}/".encode() in advisor.get(ASK).content
    assert b"This request is closed" in owner.get(page).content
    assert owner.post(page, chosen | ticked).status_code == 409


def row():
    with database_role("coterm_owner"):
        return Assignment.objects.get(approach__isnull=False)


def test_ticks_are_kept_while_pages_are_turned(owner, advisor, contact, coverages):
    introduced(advisor, contact)
    page = f"/licences/assignments/asked/{row().pk}/"
    assert owner.post(page, {"then": "all", "version": 1}).status_code == 303
    assert owner.get(page).content.count(b" checked") >= 3


def test_a_manager_is_offered_what_it_may_give_and_declines_with_a_word(larkfield, owner, advisor, contact, coverages):
    introduced(advisor, contact, scope="all", level=3)
    page = f"/licences/assignments/asked/{row().pk}/"
    manager = signed_in(MembershipFactory(organisation=larkfield, role="renewals_manager"))
    assert b'value="3"' not in manager.get(page).content
    assert manager.post(page, {"answer": "decline", "reply": "x" * 501}).status_code == 422
    assert manager.post(page, {"answer": "decline", "reply": "We have somebody"}).status_code == 303
    assert b"We have somebody" in advisor.get(ASK).content
    assert b"We have somebody" in manager.get(page).content


def test_a_code_is_made_replaced_and_switched_off(owner, larkfield):
    assert b"You have no code" in owner.get(CODE).content
    codes = set()
    for _ in range(2):
        assert owner.post(CODE, {"then": "new"}).status_code == 303
        with database_role("coterm_owner"):
            codes.add(AccessCode.objects.get().code)
    assert len(codes) == 2
    assert owner.post(CODE, {"then": "off"}).status_code == 303
    assert b"You have no code" in owner.get(CODE).content


def test_more_is_not_offered_to_who_has_everything(advisor, contact, larkfield, meridian):
    AssignmentFactory(customer=larkfield, advisor=meridian, contact=contact, scope="all", level=3)
    CoverageFactory(licence=LicenceFactory(customer=larkfield))
    page = advisor.get(f"/customers/{larkfield.slug}/").content
    assert b"Ask for more" not in page
    assert b"Ask for a later end" in page


def test_a_firm_takes_back_what_it_asked_to_get_more(advisor, owner, contact, larkfield, meridian, coverages):
    given = AssignmentFactory(customer=larkfield, advisor=meridian, scope="selected", picked=coverages)
    address = f"/customers/access/{given.pk}/ask/"
    advisor.post(address, {"level": 2, "ends_on": given.ends_on.isoformat()})
    assert advisor.post(f"{address}withdraw/").status_code == 303
    assert advisor.post(f"{address}withdraw/").status_code == 409
    assert advisor.post(address, {"level": 3, "ends_on": given.ends_on.isoformat()}).status_code == 303
    with acting_as(None):
        assert not Approach.objects.exists()
