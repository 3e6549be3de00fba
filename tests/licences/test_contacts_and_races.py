"""Whom an assignment tells; and access that ends while somebody relies on it."""

import threading
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from accounts.models import AuditEntry, Letter
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment
from licences.rules import Scope
from licences.rules.access import Refused, Terms, Ticks
from licences.rules.changes import Ended, Stale
from licences.services.assignments import change_access, revoke
from licences.services.contacts import change_contact
from licences.services.resignations import resign
from licences.services.standing import hold_access
from tests.cast import AssignmentFactory, ContactFactory, MembershipFactory, today
from tests.clients import signed_in
from tests.hats import database_role
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
VIEW, QUOTE = AccessLevel.VIEW, AccessLevel.QUOTE


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", picked=coverages[:2]
    )


@pytest.fixture
def second(firm):
    return ContactFactory(firm=firm, name="Marta Gil")


def changing(who, grant, contact, version=1):
    with acting_as(who):
        return change_contact(who, assignment=grant, contact=contact, version=version)


def holding(who, coverages, level=VIEW):
    with acting_as(who):
        hold_access(who, coverages=[c.pk for c in coverages], level=level)


@pytest.mark.parametrize("side", ["alba", "bruno"])
def test_each_side_changes_the_contact_and_both_hear_of_it(side, grant, alba, bruno, contact, second):
    assert changing({"alba": alba, "bruno": bruno}[side], grant, second)
    for who in (alba, bruno):
        with acting_as(who):
            assert Assignment.objects.get(pk=grant.pk).contact_id == second.pk
            assert AuditEntry.objects.visible_to(who).get().verb == "assignment.contact_changed"
    with database_role("coterm_worker"):
        told = set(Letter.objects.values_list("recipient", flat=True))
    assert {contact.email, second.email} < told and len(told) == 3


def test_nobody_of_another_firm_becomes_the_contact(grant, alba, bruno):
    for who in (alba, bruno):
        with pytest.raises(Refused):
            changing(who, grant, ContactFactory())


def test_a_firm_can_write_nothing_else(grant, bruno):
    for wish in ({"level": 3}, {"ends_on": today() + timedelta(700)}, {"auto_extend": True}, {"status": "suspended"}):
        with acting_as(bruno), pytest.raises(Error), transaction.atomic():
            Assignment.objects.filter(pk=grant.pk).update(**wish)


def test_two_who_change_the_contact_at_once(grant, alba, bruno, second, firm):
    third = ContactFactory(firm=firm)
    results = at_once(lambda: changing(alba, grant, second), lambda: changing(bruno, grant, third))
    assert results.count(Stale) == 1


def test_the_customer_changes_what_the_firm_gives_up(grant, alba, bruno):
    def changing_level():
        with acting_as(alba):
            terms = Terms(Scope.SELECTED, QUOTE, grant.ends_on)
            return change_access(alba, assignment=grant, version=1, terms=terms, ticks=Ticks())

    def resigning():
        with acting_as(bruno):
            return resign(bruno, assignment=grant, version=1)

    assert at_once(changing_level, resigning).count(Stale) == 1


def test_the_pages_change_the_contact(grant, larkfield, meridian, second):
    browser = signed_in(MembershipFactory(organisation=larkfield))
    browser.post(f"/licences/assignments/{grant.pk}/contact/", {"contact": second.pk, "version": 1})
    assert f'<option value="{second.pk}" selected>' in browser.get(f"/licences/assignments/{grant.pk}/").text
    firm = signed_in(MembershipFactory(organisation=meridian))
    page = f"/customers/access/{grant.pk}/contact/"
    assert "Marta Gil" in firm.get(page).text
    assert firm.post(page, {"contact": grant.contact_id, "version": 2}).status_code == 303


def test_access_is_held_only_as_far_as_it_reaches(grant, bruno, carmen, coverages):
    holding(bruno, coverages[:2])
    for who, asked, level in ((bruno, coverages, VIEW), (bruno, coverages[:1], QUOTE), (carmen, coverages[:1], VIEW)):
        with pytest.raises(Ended):
            holding(who, asked, level)


def test_revoking_waits_for_what_the_advisor_saves(grant, alba, bruno, coverages):
    held, order = threading.Event(), []

    def saving():
        with acting_as(bruno):
            hold_access(bruno, coverages=[coverages[0].pk], level=VIEW)
            held.set()
            threading.Event().wait(0.3)
            order.append("saved")

    def revoking():
        held.wait(5)
        with acting_as(alba):
            revoke(alba, assignment=grant, version=1)
        order.append("revoked")

    at_once(saving, revoking)
    assert order == ["saved", "revoked"]


def test_what_the_advisor_saves_waits_for_revoking_and_loses(grant, alba, bruno, coverages):
    revoked = threading.Event()

    def revoking():
        with acting_as(alba):
            revoke(alba, assignment=grant, version=1)
            revoked.set()
            threading.Event().wait(0.3)

    def saving():
        revoked.wait(5)
        holding(bruno, coverages[:1])

    assert at_once(revoking, saving)[1] is Stale
    assert connection.in_atomic_block is False


def test_a_form_that_comes_after_the_end_does_nothing_and_says_so(grant, larkfield, meridian, second):
    firm, owner = (signed_in(MembershipFactory(organisation=each)) for each in (meridian, larkfield))
    with database_role("coterm_owner"):
        Assignment.objects.filter(pk=grant.pk).update(ends_on=today() - timedelta(1))
    for path in ("resign", "ask", "contact"):
        answer = firm.post(f"/customers/access/{grant.pk}/{path}/", {"version": 1, "contact": second.pk})
        assert (answer.status_code, "has ended in the meantime" in answer.text) == (409, True)
        assert larkfield.name not in answer.text
    terms = {"version": 1, "scope": "selected", "level": 2, "until": "date", "ends_on": today() + timedelta(50)}
    answer = owner.post(f"/licences/assignments/{grant.pk}/", terms)
    assert answer.status_code == 409
    with database_role("coterm_owner"):
        assert Assignment.objects.get(pk=grant.pk).version == 1
