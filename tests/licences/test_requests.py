"""Asking for more: the customer is told, answers in one press, and nothing changes before."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from accounts.models import AuditEntry, Letter
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.letters.access import compose_access
from licences.models import AccessRequest, Assignment
from licences.rules.access import Refusal, Refused
from licences.rules.changes import Stale
from licences.services.requests import ask, decline, grant
from licences.services.reviews import lapse_requests
from tests.cast import AssignmentFactory, MembershipFactory, today
from tests.clients import signed_in
from tests.hats import database_role
from tests.licences.conftest import member

pytestmark = pytest.mark.django_db
END, LATER = today() + timedelta(100), today() + timedelta(400)
VIEW, QUOTE, RENEW = AccessLevel.VIEW, AccessLevel.QUOTE, AccessLevel.RENEW


@pytest.fixture
def given(larkfield, meridian, contact, coverages):
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=END, picked=coverages[:2]
    )


@pytest.fixture
def asked(given, alba, bruno):
    return wish(bruno, given)


def wish(who, given, *, level=QUOTE, ends_on=END, message="For the autumn renewal"):
    with acting_as(who):
        return ask(who, assignment=given, level=level, ends_on=ends_on, message=message)


def give(who, asked, version=1):
    with acting_as(who):
        grant(who, request=asked, version=version)


def refuse(who, asked):
    with acting_as(who):
        decline(who, request=asked)


def state(asked):
    with database_role("coterm_owner"):
        return AccessRequest.objects.get(pk=asked.pk).answer


def mails():
    with database_role("coterm_worker"):
        return {
            (letter.organisation_id, mail.subject)
            for letter in Letter.objects.all()
            if (mail := compose_access(letter))
        }


def test_asking_tells_the_customer_and_changes_nothing(asked, alba, bruno, coverages, larkfield, seen):
    assert seen(bruno) == {coverages[0].pk: VIEW, coverages[1].pk: VIEW}
    assert {to for to, _ in mails()} == {larkfield.pk}
    assert next(subject for _, subject in mails()).startswith("Meridian Systems asks for Quote, to ")
    for who in (alba, bruno):
        with acting_as(who):
            assert AuditEntry.objects.get().verb == "assignment.asked"


def test_the_mail_carries_the_message_and_the_link_to_the_answer(asked):
    with database_role("coterm_worker"):
        text = compose_access(Letter.objects.first()).text
    assert "For the autumn renewal" in text
    assert f"/licences/assignments/requests/{asked.pk}/" in text


def test_granting_gives_it_at_once_and_tells_both_sides(asked, owen, bruno, coverages, larkfield, meridian, seen):
    give(owen, asked)
    assert seen(bruno) == {coverages[0].pk: QUOTE, coverages[1].pk: QUOTE}
    assert state(asked) == "granted"
    assert {to for to, _ in mails()} == {larkfield.pk, meridian.pk}


def test_a_later_end_is_granted_the_same_way(given, alba, bruno):
    give(alba, wish(bruno, given, level=VIEW, ends_on=LATER))
    with acting_as(alba):
        assert Assignment.objects.get(pk=given.pk).ends_on == LATER


def test_declining_leaves_it_as_it_is_and_tells_the_firm(asked, owen, bruno, coverages, meridian, seen):
    refuse(owen, asked)
    assert state(asked) == "declined"
    assert seen(bruno)[coverages[0].pk] == VIEW
    assert (meridian.pk, "Larkfield Foods has declined your request for more access") in mails()


def test_a_manager_grants_no_renew(given, owen, bruno):
    asked = wish(bruno, given, level=RENEW)
    with pytest.raises(Forbidden):
        give(owen, asked)
    assert state(asked) == "waiting"


@pytest.mark.parametrize("verb", [give, refuse])
def test_readers_and_strangers_answer_nothing(asked, larkfield, carmen, verb):
    with pytest.raises(Forbidden):
        verb(member(larkfield, "viewer"), asked)
    with pytest.raises(Stale):
        verb(carmen, asked)


def test_an_answer_stands_and_a_late_one_is_told_so(asked, alba):
    refuse(alba, asked)
    with pytest.raises(Stale):
        give(alba, asked)


def test_what_changed_meanwhile_is_looked_at_again(asked, alba):
    with pytest.raises(Stale):
        give(alba, asked, version=9)
    assert state(asked) == "waiting"


@pytest.mark.parametrize(
    ("level", "ends_on"), [(VIEW, END), (QUOTE, END - timedelta(1)), (QUOTE, today() + timedelta(1500))]
)
def test_only_more_can_be_asked_for(given, bruno, level, ends_on):
    with pytest.raises(Refused):
        wish(bruno, given, level=level, ends_on=ends_on)


def test_one_request_at_a_time_waits(asked, given, bruno):
    with pytest.raises(Refused) as refused:
        wish(bruno, given, level=RENEW)
    assert refused.value.refusal is Refusal.ALREADY_ASKED


def test_after_ninety_days_it_lapses_and_may_be_asked_again(asked, given, alba, bruno):
    with database_role("coterm_owner"):
        AccessRequest.objects.update(created_at=timezone.now() - timedelta(91))
    with pytest.raises(Stale):
        give(alba, asked)
    with database_role("coterm_worker"):
        assert lapse_requests() == 1
    assert state(wish(bruno, given)) == "waiting"


def test_the_database_lets_no_firm_ask_in_anothers_name_or_answer(asked, given, bruno, carmen):
    with pytest.raises(ProgrammingError), acting_as(bruno):
        AccessRequest.objects.update(answer="granted")
    row = {
        "customer_id": given.customer_id,
        "assignment": given,
        "level": 3,
        "ends_on": END,
        "created_at": timezone.now(),
    }
    with pytest.raises(ProgrammingError), acting_as(carmen):
        AccessRequest.objects.create(**row, advisor_id=carmen.organisation_id)


def test_the_pages_walk_from_the_portfolio_to_the_answer(given, larkfield, meridian):
    advisor = signed_in(MembershipFactory(organisation=meridian, role="member"))
    address = f"/customers/access/{given.pk}/ask/"
    assert address.encode() in advisor.get("/portfolio/").content
    assert address.encode() in advisor.get(f"/customers/{larkfield.slug}/").content
    assert advisor.get(address).status_code == 200
    assert advisor.post(address, {"level": 1, "ends_on": END.isoformat()}).status_code == 422
    assert advisor.post(address, {"level": 2, "ends_on": END.isoformat()}).status_code == 303
    assert b"waits for an answer" in advisor.get(address).content
    owner = signed_in(MembershipFactory(organisation=larkfield))
    with acting_as(member(larkfield, "owner")):
        page = f"/licences/assignments/requests/{AccessRequest.objects.get().pk}/"
    assert page.encode() in owner.get("/licences/assignments/").content
    assert b"Decline" in owner.get(page).content
    assert owner.post(page, {"answer": "grant", "version": 1}).status_code == 303
    assert b"This request is closed" in owner.get(page).content
    assert owner.post(page, {"answer": "grant", "version": 2}).status_code == 409


def test_who_declines_on_the_page_may_add_a_word_that_the_firm_reads(asked, larkfield, meridian):
    owner, firm = (signed_in(MembershipFactory(organisation=each)) for each in (larkfield, meridian))
    page = f"/licences/assignments/requests/{asked.pk}/"
    assert owner.post(page, {"answer": "decline", "reply": "x" * 501}).status_code == 422
    assert owner.post(page, {"answer": "decline", "reply": "Ask again in May"}).status_code == 303
    assert "Ask again in May" in firm.get(f"/customers/access/{asked.assignment_id}/ask/").text
    with database_role("coterm_worker"):
        letter = Letter.objects.filter(organisation=meridian, kind="licences.access").latest("id")
        assert "Ask again in May" in compose_access(letter).text
