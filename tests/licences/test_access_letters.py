"""The letters about access: both sides, both languages, and nothing that is not true any more."""

from datetime import timedelta

import pytest

from accounts.models import Letter, User
from accounts.outbox import COMPOSERS
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from advisors.models import Contact
from licences.models import Assignment
from licences.rules import Scope
from licences.rules.access import Terms, Ticks
from licences.services.assignments import change_access, revoke
from licences.services.drafts import activate, begin_assignment, choose_contact, choose_licences
from tests.cast import AssignmentFactory, today
from tests.hats import database_role

pytestmark = pytest.mark.django_db
END = today() + timedelta(100)


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=END, picked=coverages[:2]
    )


@pytest.fixture
def granted(alba, meridian, contact, coverages):
    """An assignment confirmed by Alba, with a message."""
    with acting_as(alba):
        draft = begin_assignment(alba, advisor=meridian)
        choose_contact(alba, assignment=draft, contact=contact, message="One date & soon, please.")
        choose_licences(alba, assignment=draft, ticks=Ticks(add=frozenset(c.pk for c in coverages[:2])))
        activate(alba, assignment=draft, version=Assignment.objects.get(pk=draft.pk).version)
    return draft


def mails(**letter):
    """What the sender would send now: by recipient, None where nothing goes any more."""
    with database_role("coterm_worker"):
        found = Letter.objects.filter(**letter).order_by("id")
        return {each.recipient: COMPOSERS[each.kind](each) for each in found}


def change(who, grant, *, level=AccessLevel.VIEW, scope=Scope.SELECTED, ends_on=END, version=1, **ticks):
    with acting_as(who):
        change_access(who, assignment=grant, version=version, terms=Terms(scope, level, ends_on), ticks=Ticks(**ticks))


def test_the_contact_learns_customer_licences_level_and_next_expiry(granted, alba, contact, coverages):
    mail = mails()[contact.email]
    assert mail.subject == "Larkfield Foods shares 2 licences with you"
    product = str(coverages[0].licence.product)
    for text in (mail.text, mail.html):
        assert product in text and "Quote" in text and "next expiry" in text
        assert str(coverages[2].licence.product) not in text
    assert "One date & soon" in mail.text and "One date &amp; soon" in mail.html


def test_the_customer_learns_what_was_done_and_by_whom(granted, alba):
    with acting_as(alba):
        owner = User.objects.get(pk=alba.user_id)
    mail = mails()[owner.email]
    assert mail.subject == "Meridian Systems now sees 2 of your licences"
    assert owner.name in mail.text
    assert f"/licences/assignments/{granted.pk}/" in mail.html


def test_each_reads_it_in_their_own_language(granted, contact):
    with database_role("coterm_owner"):
        Letter.objects.update(language="es")
    mail = mails()[contact.email]
    assert mail.subject == "Larkfield Foods comparte 2 licencias con usted"
    assert "Presupuestar" in mail.text and "Fecha de caducidad" not in mail.subject


def test_a_grant_ended_before_the_letter_left_is_not_announced(granted, alba, contact):
    with acting_as(alba):
        revoke(alba, assignment=granted, version=Assignment.objects.get(pk=granted.pk).version)
    assert mails(recipient=contact.email, context__verb="assignment.granted")[contact.email] is None
    ended = mails(recipient=contact.email, context__verb="assignment.ended")[contact.email]
    assert ended.subject == "Larkfield Foods has ended your access"


@pytest.mark.parametrize(
    ("wish", "subject"),
    [
        ({"level": AccessLevel.QUOTE}, "has raised your access to Quote"),
        ({"ends_on": END - timedelta(1)}, "has changed your access"),
        ({"scope": Scope.ALL}, "has changed your access"),
    ],
)
def test_a_change_names_what_was_and_what_is(grant, alba, contact, wish, subject):
    change(alba, grant, **wish)
    mail = mails()[contact.email]
    assert mail.subject == f"Larkfield Foods {subject}"
    assert ("→" in mail.text) is ("scope" not in wish)


@pytest.mark.parametrize(
    ("ticks", "to_advisor", "to_customer"),
    [
        ({"add": 2}, "shares 1 more licence with you", "sees 1 more of your licences"),
        ({"remove": 0}, "no longer shares 1 licence with you", "no longer sees 1 of your licences"),
    ],
)
def test_licences_that_come_and_go_are_counted(grant, alba, contact, coverages, ticks, to_advisor, to_customer):
    change(alba, grant, **{side: frozenset({coverages[index].pk}) for side, index in ticks.items()})
    sent = mails()
    assert sent.pop(contact.email).subject == f"Larkfield Foods {to_advisor}"
    assert [mail.subject for mail in sent.values()] == [f"Meridian Systems {to_customer}"]


def test_a_lowered_level_is_told_without_prices(grant, alba, contact, larkfield):
    change(alba, grant, level=AccessLevel.RENEW)
    change(alba, grant, level=AccessLevel.VIEW, version=2)
    mail = mails(recipient=contact.email, context__verb="assignment.level_lowered")[contact.email]
    assert mail.subject == "Larkfield Foods has lowered your access to View"


def test_a_long_list_is_cut(alba, contact, larkfield, grant, monkeypatch):
    monkeypatch.setattr("licences.letters.access.LONGEST_LIST", 1)
    change(alba, grant, level=AccessLevel.QUOTE)
    assert "and 1 more" in mails()[contact.email].text


def test_without_a_contact_the_firms_owners_are_told(grant, alba, bruno, contact):
    with database_role("coterm_owner"):
        Contact.objects.filter(pk=contact.pk).update(left_on=today())
    change(alba, grant, level=AccessLevel.QUOTE)
    with database_role("coterm_worker"):
        assert bruno.user_id in {letter.user_id for letter in Letter.objects.all()}
        assert contact.email not in {letter.recipient for letter in Letter.objects.all()}
