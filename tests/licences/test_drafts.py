"""Adding an advisor: nothing is shared before the last step, everything at once after it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Letter
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment, Selection
from licences.rules import Scope, Status
from licences.rules.access import Refusal, Refused, Terms, Ticks
from licences.rules.changes import Stale
from licences.services.drafts import (
    activate,
    begin_assignment,
    choose_access,
    choose_contact,
    choose_licences,
    discard,
)
from tests.cast import AssignmentFactory, ContactFactory, CoverageFactory, FirmFactory, today
from tests.hats import database_role
from tests.licences.conftest import member

pytestmark = pytest.mark.django_db
QUOTE_FOR_A_YEAR = Terms(Scope.SELECTED, AccessLevel.QUOTE, today() + timedelta(365))


@pytest.fixture
def draft(alba, meridian, contact, coverages):
    """A draft with every choice made: the first two coverages, level Quote."""
    with acting_as(alba):
        draft = begin_assignment(alba, advisor=meridian)
        choose_contact(alba, assignment=draft, contact=contact, message="One date, please.")
        choose_licences(alba, assignment=draft, ticks=Ticks(add=frozenset(c.pk for c in coverages[:2])))
        choose_access(alba, assignment=draft, terms=QUOTE_FOR_A_YEAR)
    return draft


def confirm(who, draft):
    with acting_as(who):
        activate(who, assignment=draft, version=Assignment.objects.get(pk=draft.pk).version)


def letters():
    with database_role("coterm_worker"):
        return list(Letter.objects.order_by("id"))


def test_nothing_is_shared_while_it_is_a_draft(draft, bruno, seen):
    assert seen(bruno) == {}
    assert letters() == []
    with acting_as(bruno):
        assert not Assignment.objects.exists()


def test_confirming_shares_exactly_the_ticked_licences_at_once(draft, alba, bruno, carmen, coverages, seen):
    confirm(alba, draft)
    assert seen(bruno) == {coverage.pk: AccessLevel.QUOTE for coverage in coverages[:2]}
    assert seen(carmen) == {}


def test_the_contact_is_told_and_the_customers_owner_and_renewals_manager(draft, alba, owen, larkfield, contact):
    member(larkfield, "viewer")
    confirm(alba, draft)
    told = letters()
    assert {letter.user_id for letter in told} == {contact.user_id, alba.user_id, owen.user_id}
    assert contact.email in {letter.recipient for letter in told}


def test_confirming_is_written_down_for_both_organisations(draft, alba, bruno):
    confirm(alba, draft)
    for who in (alba, bruno):
        with acting_as(who):
            (entry,) = AuditEntry.objects.visible_to(who).filter(verb="assignment.granted")
            assert (entry.details["level"], entry.details["count"]) == (2, 2)


def test_confirming_twice_tells_nobody_twice(draft, alba):
    confirm(alba, draft)
    told = len(letters())
    with pytest.raises(Stale):
        confirm(alba, draft)
    assert len(letters()) == told


def test_a_draft_changed_elsewhere_is_not_confirmed_unseen(draft, alba):
    with acting_as(alba), pytest.raises(Stale):
        activate(alba, assignment=draft, version=1)


def test_one_open_draft_for_each_firm_is_taken_up_again(draft, alba, owen, meridian):
    with acting_as(owen):
        assert begin_assignment(owen, advisor=meridian) == draft


def test_going_back_to_another_firm_keeps_licences_and_level(draft, alba, coverages):
    other = FirmFactory().organisation
    with acting_as(alba):
        moved = begin_assignment(alba, advisor=other, draft=draft)
        assert (moved.pk, moved.advisor_id, moved.contact_id, moved.level) == (draft.pk, other.pk, None, 2)
        assert Selection.objects.filter(assignment=moved).count() == 2


def test_a_discarded_draft_is_gone_for_good(draft, alba, meridian):
    with acting_as(alba):
        discard(alba, assignment=draft)
        assert begin_assignment(alba, advisor=meridian) != draft
    with pytest.raises(Stale):
        confirm(alba, draft)


def test_the_contact_must_be_of_that_firm_and_still_there(draft, alba, firm):
    for other in (ContactFactory(), ContactFactory(firm=firm, left_on=today())):
        with acting_as(alba), pytest.raises(Refused) as refused:
            choose_contact(alba, assignment=draft, contact=other)
        assert refused.value.refusal is Refusal.NO_CONTACT


def test_foreign_coverages_are_passed_over(draft, alba):
    foreign = CoverageFactory()
    with acting_as(alba):
        choose_licences(alba, assignment=draft, ticks=Ticks(add=frozenset({foreign.pk})))
        assert not Selection.objects.filter(coverage_id=foreign.pk).exists()


@pytest.mark.parametrize(("forget", "refusal"), [("contact", Refusal.NO_CONTACT), ("licences", Refusal.NOTHING_CHOSEN)])
def test_a_missing_choice_is_refused(draft, alba, coverages, forget, refusal):
    with acting_as(alba):
        if forget == "contact":
            Assignment.objects.filter(pk=draft.pk).update(contact=None)
        else:
            choose_licences(alba, assignment=draft, ticks=Ticks(remove=frozenset(c.pk for c in coverages)))
    with pytest.raises(Refused) as refused:
        confirm(alba, draft)
    assert refused.value.refusal is refusal


def test_a_firm_has_one_grant_of_everything(draft, alba, larkfield, meridian):
    AssignmentFactory(customer=larkfield, advisor=meridian)
    with acting_as(alba):
        choose_access(alba, assignment=draft, terms=Terms(Scope.ALL, AccessLevel.VIEW, today()))
    with pytest.raises(Refused) as refused:
        confirm(alba, draft)
    assert refused.value.refusal is Refusal.ALREADY_ALL


def test_everything_includes_what_comes_later(draft, alba, bruno, larkfield, seen):
    with acting_as(alba):
        choose_access(alba, assignment=draft, terms=Terms(Scope.ALL, AccessLevel.RENEW, today()))
    confirm(alba, draft)
    later = CoverageFactory(licence__customer=larkfield)
    assert seen(bruno)[later.pk] is AccessLevel.RENEW.value
    assert len(seen(bruno)) == 4


def test_what_another_selected_grant_named_moves_here(draft, alba, bruno, larkfield, meridian, coverages, seen):
    old = AssignmentFactory(
        customer=larkfield, advisor=meridian, scope="selected", level=3, picked=[coverages[0], coverages[2]]
    )
    emptied = AssignmentFactory(customer=larkfield, advisor=meridian, scope="selected", picked=[coverages[1]])
    confirm(alba, draft)
    assert seen(bruno) == {coverages[0].pk: 2, coverages[1].pk: 2, coverages[2].pk: 3}
    with acting_as(alba):
        assert Assignment.objects.get(pk=old.pk).status == Status.ACTIVE
        assert Assignment.objects.get(pk=emptied.pk).status == Status.REVOKED


@pytest.mark.parametrize(
    ("role", "scope", "level", "may"),
    [
        ("owner", Scope.ALL, AccessLevel.RENEW, True),
        ("renewals_manager", Scope.SELECTED, AccessLevel.QUOTE, True),
        ("renewals_manager", Scope.SELECTED, AccessLevel.RENEW, False),
        ("renewals_manager", Scope.ALL, AccessLevel.VIEW, False),
        ("approver", Scope.SELECTED, AccessLevel.VIEW, False),
        ("viewer", Scope.SELECTED, AccessLevel.VIEW, False),
    ],
)
def test_who_may_give_what(draft, alba, larkfield, role, scope, level, may):
    who = member(larkfield, role)
    with acting_as(alba):
        choose_access(alba, assignment=draft, terms=Terms(scope, level, today()))
    if may:
        return confirm(who, draft)
    with pytest.raises(Forbidden):
        confirm(who, draft)


def test_an_advisor_cannot_begin_anything(bruno, meridian):
    with acting_as(bruno), pytest.raises(Forbidden):
        begin_assignment(bruno, advisor=meridian)


def test_confirming_many_licences_takes_as_many_statements_as_few(alba, larkfield):
    counts = []
    for number in (1, 40):
        more = [CoverageFactory(licence__customer=larkfield).pk for _ in range(number)]
        contact = ContactFactory()
        with acting_as(alba):
            draft = begin_assignment(alba, advisor=contact.firm.organisation)
            choose_contact(alba, assignment=draft, contact=contact)
            choose_licences(alba, assignment=draft, ticks=Ticks(add=frozenset(more)))
        with CaptureQueriesContext(connection) as queries:
            confirm(alba, draft)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_grant_of_everything_that_is_over_makes_room_for_another(draft, alba, bruno, larkfield, meridian, seen):
    over = AssignmentFactory(customer=larkfield, advisor=meridian, ends_on=today() - timedelta(2))
    with acting_as(alba):
        choose_access(alba, assignment=draft, terms=Terms(Scope.ALL, AccessLevel.VIEW, today()))
    confirm(alba, draft)
    with acting_as(alba):
        assert Assignment.objects.get(pk=over.pk).status == Status.EXPIRED
    assert len(seen(bruno)) == 3


def test_while_the_review_ends_the_old_one_the_new_one_waits(draft, alba, larkfield, meridian, monkeypatch):
    AssignmentFactory(customer=larkfield, advisor=meridian, ends_on=today() - timedelta(2))
    monkeypatch.setattr("licences.services.endings.end", lambda actor, row: None)
    with acting_as(alba):
        choose_access(alba, assignment=draft, terms=Terms(Scope.ALL, AccessLevel.VIEW, today()))
    with pytest.raises(Stale):
        confirm(alba, draft)
