"""The pages of transfers, as each side walks them."""

import csv
import io
import json
import re
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from accounts.rules import AccessLevel
from licences.models import Coverage, Transfer
from licences.rules.transfers import State
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, MembershipFactory, OrganisationFactory, today
from tests.clients import signed_in
from tests.hats import database_role
from tests.licences.handing import ENDS_ON, consented, now, prepared, proposed, receipted, token_of

pytestmark = pytest.mark.django_db
LIST = "/transfers/"


def browser(who):
    with database_role("coterm_owner"):
        return signed_in(Membership.objects.select_related("user", "organisation").get(user=who.user_id))


@pytest.fixture
def sent(alba, farid, nortegate, coverages):
    return consented(alba, prepared(alba, nortegate, coverages))


@pytest.fixture
def received(sent, farid):
    return receipted(farid, sent)


def choices(nortegate, coverages=(), **more):
    return {
        "distributor": nortegate.pk,
        "purpose": "Renewal offer",
        "ends_on": ENDS_ON.isoformat(),
        "company": ["country"],
        "licence": ["serial", "quantity"],
        "which": "chosen",
        "coverage": [c.pk for c in coverages],
        **more,
    }


def posted(page, url, values=None):
    """The page that an accepted form leads to."""
    answer = page.post(url, values)
    assert answer.status_code == 303, answer.text
    return page.get(answer["Location"])


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def only():
    with database_role("coterm_owner"):
        return Transfer.objects.get()


def test_an_owner_chooses_sees_and_consents(alba, farid, nortegate, coverages):
    page = browser(alba)
    answer = page.post(f"{LIST}new/", choices(nortegate, coverages[:2]))
    assert (answer.status_code, answer["Location"]) == (303, f"{LIST}{only().pk}/consent/")
    review = page.get(answer["Location"])
    assert coverages[0].licence.serial in review.text and coverages[2].licence.serial not in review.text
    assert "1 person at Nortegate" in review.text and "your notes" in review.text
    said = {name: hidden(review, name) for name in ("version", "stamp")}
    assert page.post(answer["Location"], said).status_code == 422
    done = posted(page, answer["Location"], said | {"consent": "yes"})
    assert "Nortegate has not confirmed its receipt yet" in done.text
    assert only().state == "delivered"


def test_without_ticks_nothing_is_prepared_and_what_was_typed_stays(alba, nortegate, coverages):
    page = browser(alba).post(f"{LIST}new/", choices(nortegate, purpose="A new offer"))
    assert page.status_code == 422
    assert "Choose at least one licence." in page.text and 'value="A new offer"' in page.text


def test_what_is_typed_is_asked_for_with_its_field(alba, nortegate, coverages):
    page = browser(alba).post(f"{LIST}new/", choices(nortegate, coverages, company=["address"]))
    assert page.status_code == 422 and "Type it, or leave the field out." in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"distributor": uuid4()},
        {"ends_on": (today() - timedelta(1)).isoformat()},
        {"ends_on": (today() + timedelta(900)).isoformat()},
        {"licence": ["note"]},
        {"purpose": ""},
        {"contact": uuid4()},
    ],
)
def test_what_cannot_be_is_refused(alba, nortegate, coverages, wrong):
    assert browser(alba).post(f"{LIST}new/", choices(nortegate, coverages, **wrong)).status_code == 422


def test_all_licences_may_be_chosen_at_once(alba, nortegate, coverages):
    browser(alba).post(f"{LIST}new/", choices(nortegate, which="all"))
    assert only().count == 3


def test_without_a_certified_distributor_the_form_says_so(alba, coverages):
    assert "No distributor is certified today" in browser(alba).get(f"{LIST}new/").text


def test_what_changed_meanwhile_is_shown_again(alba, farid, nortegate, coverages):
    page = browser(alba)
    url = page.post(f"{LIST}new/", choices(nortegate, coverages))["Location"]
    review = page.get(url)
    with database_role("coterm_owner"):
        Coverage.objects.filter(pk=coverages[0].pk).update(quantity=77)
    said = {name: hidden(review, name) for name in ("version", "stamp")} | {"consent": "yes"}
    late = page.post(url, said)
    assert late.status_code == 409 and "has changed in the meantime" in late.text and "<td>77</td>" in late.text
    assert only().state == "requested"


def test_a_manager_prepares_and_changes_but_cannot_consent(owen, farid, nortegate, coverages):
    page = browser(owen)
    url = page.post(f"{LIST}new/", choices(nortegate, coverages))["Location"]
    review = page.get(url)
    assert "Only an owner of your organisation can consent" in review.text and 'name="stamp"' not in review.text
    answer = page.post(url, {"consent": "yes", "version": 1, "stamp": "x"})
    assert answer.status_code == 403
    change = url.replace("consent", "change")
    assert 'value="Renewal offer"' in page.get(change).text
    page.post(change, choices(nortegate, coverages[:1], version=1))
    assert only().count == 1
    assert page.post(change, choices(nortegate, coverages, version=1)).status_code == 409


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_only_reads_sees_transfers_and_changes_none(larkfield, alba, nortegate, coverages, role):
    transfer = prepared(alba, nortegate, coverages)
    reader = signed_in(MembershipFactory(organisation=larkfield, role=role))
    assert "Renewal offer" in reader.get(LIST).text and "Transfer to a distributor" not in reader.get(LIST).text
    assert reader.get(f"{LIST}{transfer.pk}/consent/").status_code == 200
    assert reader.get(f"{LIST}new/").status_code == 403
    for verb in ("change", "decline", "again"):
        assert reader.post(f"{LIST}{transfer.pk}/{verb}/").status_code == 403
    reader.post(f"{LIST}{transfer.pk}/withdraw/")
    assert now(transfer).state == "requested"


def test_an_advisor_proposes_and_takes_back(larkfield, bruno, nortegate, coverages, renewing):
    page = browser(bruno)
    form = page.get(f"{LIST}propose/{larkfield.slug}/")
    assert str(coverages[0].licence.product) in form.text and 'name="address"' not in form.text
    answer = posted(page, f"{LIST}propose/{larkfield.slug}/", choices(nortegate, which="all"))
    assert "is asked for its consent" in answer.text and only().count == 2
    assert "Larkfield Foods → Nortegate" in page.get(LIST).text
    page.post(f"{LIST}{only().pk}/withdraw/", {"reason": ""})
    assert only().state == "withdrawn"


def test_below_renew_an_advisor_proposes_nothing(larkfield, meridian, bruno, nortegate, coverages):
    AssignmentFactory(customer=larkfield, advisor=meridian, level=AccessLevel.QUOTE)
    assert browser(bruno).get(f"{LIST}propose/{larkfield.slug}/").status_code == 403


def test_a_foreign_customer_is_as_absent_as_none(bruno, nortegate, renewing):
    stranger = OrganisationFactory()
    page = browser(bruno)
    answers = [page.get(f"{LIST}propose/{slug}/") for slug in (stranger.slug, "absent")]
    assert [each.status_code for each in answers] == [404, 404]


def test_the_customer_answers_a_proposal(larkfield, alba, bruno, nortegate, coverages, renewing):
    transfer = proposed(bruno, larkfield, nortegate, coverages)
    page = browser(alba)
    assert "proposed by Meridian Systems" in page.get(LIST).text
    assert "Decline" in page.get(f"{LIST}{transfer.pk}/consent/").text
    page.post(f"{LIST}{transfer.pk}/decline/", {"reason": "Not this year"})
    assert (now(transfer).state, now(transfer).reason) == ("declined", "Not this year")
    assert "Not this year" in browser(bruno).get(f"{LIST}{transfer.pk}/").text


def test_an_advisor_never_reads_what_left(larkfield, alba, bruno, farid, nortegate, coverages, renewing):
    transfer = consented(alba, proposed(bruno, larkfield, nortegate, coverages))
    page = browser(bruno)
    text = page.get(f"{LIST}{transfer.pk}/").text
    assert "Delivered" in text and coverages[0].licence.serial not in text
    for verb in ("consent", "decline", "change", "again", "copy"):
        assert page.post(f"{LIST}{transfer.pk}/{verb}/").status_code == 403


def test_a_distributor_opens_with_the_link_and_confirms(sent, farid, coverages):
    page = browser(farid)
    cover = page.get(f"{LIST}{sent.pk}/")
    assert "waits for your receipt" in cover.text and coverages[0].licence.serial not in cover.text
    assert page.post(f"{LIST}{sent.pk}/copy/").status_code == 404
    url = f"{LIST}receive/{token_of(sent)}/"
    assert "Larkfield Foods sends you data of 3 licences" in page.get(url).text
    assert now(sent).state == "delivered"
    opened = posted(page, url, {"answer": "receipt"})
    assert coverages[0].licence.serial in opened.text
    assert page.get(url).status_code == 404


def test_a_distributor_sends_back_what_is_not_for_it(sent, farid):
    page = browser(farid)
    page.post(f"{LIST}receive/{token_of(sent)}/", {"answer": "refuse", "reason": "Not our region"})
    assert (now(sent).state, now(sent).reason) == ("declined", "Not our region")
    assert "unopened" in page.get(f"{LIST}{sent.pk}/").text


def test_the_link_serves_nobody_else(sent, alba, bruno, carmen):
    other = MembershipFactory(organisation=OrganisationFactory(kind="distributor"), role="member")
    url = f"{LIST}receive/{token_of(sent)}/"
    assert signed_in(other).post(url, {"answer": "receipt"}).status_code == 404
    for who in (alba, bruno, carmen):
        assert browser(who).get(url).status_code == 403
    assert now(sent).state == "delivered"


def test_the_link_asks_a_visitor_to_sign_in(sent, client):
    answer = client.get(f"{LIST}receive/{token_of(sent)}/")
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


def test_copies_are_safe_counted_and_exact(received, farid, alba):
    page = browser(farid)
    answer = page.post(f"{LIST}{received.pk}/copy/", {"format": "json"})
    content = json.loads(answer.content)
    assert sha256(answer.content).hexdigest() == now(received).sha256
    table = page.post(f"{LIST}{received.pk}/copy/", {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == 4 and rows[1][0] == content["company"]["name"]
    assert "2 copies as files" in browser(alba).get(f"{LIST}{received.pk}/").text


def test_a_copy_never_holds_a_formula(alba, farid, nortegate, larkfield):
    licence = LicenceFactory(customer=larkfield, serial="=1+1")
    transfer = receipted(farid, consented(alba, prepared(alba, nortegate, [CoverageFactory(licence=licence)])))
    assert b"'=1+1" in browser(farid).post(f"{LIST}{transfer.pk}/copy/").content


def test_withdrawal_says_what_has_left_and_shuts_the_page(received, alba, farid):
    page = browser(alba)
    asked = page.get(f"{LIST}{received.pk}/withdraw/")
    assert "What has left already" in asked.text
    done = posted(page, f"{LIST}{received.pk}/withdraw/", {"reason": "Other plans"})
    assert "Nortegate sees nothing of it any more" in done.text
    assert browser(farid).get(f"{LIST}{received.pk}/").status_code == 404
    assert "Nothing has been handed over yet" in browser(farid).get(LIST).text
    assert "What has left" in page.get(f"{LIST}{received.pk}/").text


def test_a_lost_link_is_sent_again(sent, alba, farid):
    old = token_of(sent)
    answer = posted(browser(alba), f"{LIST}{sent.pk}/again/")
    assert "A new link is on its way" in answer.text
    assert browser(farid).get(f"{LIST}receive/{old}/").status_code == 404
    assert browser(farid).get(f"{LIST}receive/{token_of(sent)}/").status_code == 200


def test_foreign_and_absent_transfers_answer_alike(received, carmen, bruno, coverages):
    for who in (carmen, bruno):
        page = browser(who)
        for verb in ("", "withdraw/"):
            answers = [page.get(f"{LIST}{pk}/{verb}") for pk in (received.pk, uuid4())]
            assert [each.status_code for each in answers] == [404, 404]


def test_the_programme_sees_no_transfer(received):
    manager = MembershipFactory(organisation__kind="programme", role="manager")
    for path in (LIST, f"{LIST}{received.pk}/", f"{LIST}new/"):
        assert signed_in(manager).get(path).status_code == 403


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_page_in_both_languages(larkfield, alba, nortegate, state):
    moment = timezone.now()
    with database_role("coterm_owner"):
        User.objects.filter(pk=alba.user_id).update(language="es")
        transfer = Transfer.objects.create(
            customer=larkfield,
            distributor=nortegate,
            state=state.value,
            purpose="Renewal offer",
            ends_on=ENDS_ON,
            created_at=moment,
            lapses_at=moment + timedelta(days=15),
        )
    for path in (LIST, f"{LIST}{transfer.pk}/"):
        text = browser(alba).get(path).text
        assert "Transferencias" in text and "Renewal offer" in text


def test_what_is_decided_already_leads_to_its_page(sent, alba):
    page = browser(alba)
    for verb in ("consent", "change", "decline"):
        assert page.get(f"{LIST}{sent.pk}/{verb}/")["Location"] == f"{LIST}{sent.pk}/"


def test_nothing_is_sent_where_nobody_works_any_more(alba, farid, nortegate, coverages, sent):
    waiting = prepared(alba, nortegate, coverages)
    page = browser(alba)
    url = f"{LIST}{waiting.pk}/consent/"
    said = {name: hidden(page.get(url), name) for name in ("version", "stamp")} | {"consent": "yes"}
    with database_role("coterm_owner"):
        Membership.objects.filter(user=farid.user_id).delete()
    for refused in (page.post(url, said).text, posted(page, f"{LIST}{sent.pk}/again/").text):
        assert "Nobody at this distributor can receive it yet" in refused
    assert now(waiting).state == "requested"


def test_the_activity_tells_it_in_words(larkfield, alba, bruno, farid, nortegate, coverages, renewing, received):
    declined = proposed(bruno, larkfield, nortegate, coverages)
    page = browser(alba)
    assert "Nothing has left, and nothing will" in page.get(f"{LIST}{declined.pk}/decline/").text
    page.post(f"{LIST}{declined.pk}/decline/")
    text = re.sub(r"</?b>", "", page.get("/activity/").text)
    for words in (
        f"Consented to hand 3 licences over to Nortegate; seal {now(received).sha256[:12]}",
        "Confirmed receipt of 3 licences at Nortegate",
        "Declined the transfer of 2 licences to Nortegate",
    ):
        assert words in text
    assert "Consented to hand licence data over to Nortegate" in re.sub(
        r"</?b>", "", browser(bruno).get("/activity/").text
    )


def test_the_home_and_the_assignments_lead_here(alba, farid, nortegate, coverages):
    prepared(alba, nortegate, coverages)
    page = browser(alba)
    assert "1 waits for consent" in page.get("/").text
    assert f'href="{LIST}"' in page.get("/licences/assignments/").text
    assert browser(farid).get("/")["Location"] == LIST


@pytest.mark.parametrize(("level", "offered"), [(AccessLevel.QUOTE, False), (AccessLevel.RENEW, True)])
def test_an_advisor_is_offered_what_it_may_propose(larkfield, meridian, bruno, coverages, level, offered):
    AssignmentFactory(customer=larkfield, advisor=meridian, level=level)
    page = browser(bruno).get(f"/customers/{larkfield.slug}/")
    assert ("Propose a transfer" in page.text) is offered


def queries(page, url):
    page.get(url)
    with CaptureQueriesContext(connection) as found:
        assert page.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", ["", "{pk}/", "new/"])
def test_pages_ask_the_same_however_much_there_is(larkfield, alba, farid, nortegate, coverages, received, path):
    page, url = browser(alba), LIST + path.format(pk=received.pk)
    before = queries(page, url)
    for _ in range(3):
        CoverageFactory(licence=LicenceFactory(customer=larkfield))
        consented(alba, prepared(alba, nortegate, coverages))
    assert queries(page, url) == before


@pytest.mark.parametrize("path", ["", "{pk}/"])
def test_a_distributors_pages_ask_the_same_too(alba, farid, nortegate, coverages, received, path):
    page, url = browser(farid), LIST + path.format(pk=received.pk)
    before = queries(page, url)
    consented(alba, prepared(alba, nortegate, coverages))
    assert queries(page, url) == before
