"""Cells of the grid, one or many: previewed, applied at once, and never over somebody else's change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Assignment, Exclusion, Selection
from licences.rules import Scope, Status
from licences.rules.access import Refused, Terms, Wish
from licences.rules.changes import Stale
from licences.services.shares import preview_changes, set_access
from tests.cast import AssignmentFactory, CoverageFactory, OrganisationFactory, today

pytestmark = pytest.mark.django_db
END = today() + timedelta(100)
VIEW, QUOTE, RENEW = AccessLevel.VIEW, AccessLevel.QUOTE, AccessLevel.RENEW


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    """Meridian may view the first two coverages for a hundred days."""
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=END, picked=coverages[:2]
    )


@pytest.fixture
def everything(larkfield, meridian, contact):
    return AssignmentFactory(customer=larkfield, advisor=meridian, contact=contact, level=QUOTE, ends_on=END)


def wish(coverages, level=VIEW, ends_on=END, **kwargs):
    return Wish(frozenset(coverage.pk for coverage in coverages), level, ends_on, **kwargs)


def give(who, firm, wanted):
    with acting_as(who):
        stamp = preview_changes(who, advisor=firm, wish=wanted, today=today()).stamp
        return set_access(who, advisor=firm, wish=wanted, stamp=stamp)


def active(who):
    with acting_as(who):
        return list(Assignment.objects.visible_to(who).filter(status=Status.ACTIVE.value).order_by("id"))


def verbs(who):
    with acting_as(who):
        return [entry.verb for entry in AuditEntry.objects.visible_to(who).order_by("id")]


def test_a_preview_says_what_would_change_and_writes_nothing(grant, alba, bruno, meridian, coverages, seen):
    with acting_as(alba):
        preview = preview_changes(alba, advisor=meridian, wish=wish(coverages, QUOTE), today=today())
    before = {change.coverage: change.before and change.before.level for change in preview.changes}
    assert before == {coverages[0].pk: VIEW, coverages[1].pk: VIEW, coverages[2].pk: None}
    assert preview.allowed
    assert set(seen(bruno).values()) == {VIEW}


def test_the_same_terms_join_the_grant_that_is_there(grant, alba, meridian, coverages, bruno, seen):
    give(alba, meridian, wish(coverages))
    assert active(alba) == [grant]
    assert len(seen(bruno)) == 3
    assert verbs(bruno) == ["assignment.licences_added"]


def test_other_terms_make_a_grant_of_their_own_with_the_same_contact(
    grant, alba, meridian, coverages, contact, seen, bruno
):
    give(alba, meridian, wish(coverages[:1], QUOTE))
    kept, new = active(alba)
    assert (kept, new.contact_id, new.level) == (grant, contact.pk, QUOTE)
    assert seen(bruno) == {coverages[0].pk: QUOTE, coverages[1].pk: VIEW}
    assert verbs(bruno) == ["assignment.level_raised"]


def test_a_grant_that_names_nothing_any_more_is_ended(grant, alba, meridian, coverages):
    give(alba, meridian, wish(coverages[:2], QUOTE))
    assert grant not in active(alba)
    assert len(active(alba)) == 1


def test_no_access_takes_the_last_licence_and_so_ends_it(grant, alba, bruno, meridian, coverages, seen):
    give(alba, meridian, wish(coverages, AccessLevel.NONE))
    assert seen(bruno) == {}
    assert active(alba) == []
    assert verbs(bruno) == ["assignment.ended"]


def test_no_access_beneath_everything_is_an_exclusion(everything, grant, alba, bruno, meridian, coverages, seen):
    give(alba, meridian, wish(coverages[:1], AccessLevel.NONE))
    assert set(seen(bruno)) == {coverages[1].pk, coverages[2].pk}
    assert verbs(bruno) == ["assignment.licences_removed"]


def test_following_everything_takes_tick_and_exclusion_back(everything, grant, alba, bruno, meridian, coverages, seen):
    give(alba, meridian, wish(coverages, AccessLevel.NONE))
    give(alba, meridian, wish(coverages, follow=True))
    assert set(seen(bruno).values()) == {QUOTE}
    with acting_as(alba):
        assert not Selection.objects.exists() and not Exclusion.objects.exists()


def test_selected_beneath_everything_may_be_lower(everything, alba, bruno, meridian, coverages, seen):
    give(alba, meridian, wish(coverages[:1], VIEW))
    assert seen(bruno)[coverages[0].pk] == VIEW
    assert seen(bruno)[coverages[1].pk] == QUOTE


def test_what_is_there_already_changes_nothing(grant, alba, meridian, coverages):
    assert give(alba, meridian, wish(coverages[:2])) == []
    assert verbs(alba) == []


def test_a_late_form_changes_nothing(grant, alba, meridian, coverages, bruno, seen):
    with acting_as(alba):
        stamp = preview_changes(alba, advisor=meridian, wish=wish(coverages), today=today()).stamp
    give(alba, meridian, wish(coverages[:1], QUOTE))
    with acting_as(alba), pytest.raises(Stale):
        set_access(alba, advisor=meridian, wish=wish(coverages), stamp=stamp)
    assert seen(bruno)[coverages[0].pk] == QUOTE


def test_foreign_licences_stay_out(grant, alba, meridian, carmen):
    foreign = CoverageFactory()
    assert give(alba, meridian, wish([foreign], QUOTE)) == []


def test_a_firm_without_a_contact_is_added_by_the_wizard(alba, coverages):
    with pytest.raises(Refused):
        give(alba, OrganisationFactory(kind="advisor"), wish(coverages))


@pytest.mark.parametrize(
    ("wanted", "may"),
    [
        ({"level": QUOTE}, True),
        ({"level": AccessLevel.NONE}, True),
        ({"level": RENEW}, False),
    ],
)
def test_a_renewals_manager_gives_up_to_quote(grant, owen, meridian, coverages, wanted, may):
    if may:
        assert give(owen, meridian, wish(coverages, **wanted))
    else:
        with pytest.raises(Forbidden):
            give(owen, meridian, wish(coverages, **wanted))


def test_following_everything_is_the_owners_when_it_shows_more(everything, grant, owen, alba, meridian, coverages):
    with pytest.raises(Forbidden):
        give(owen, meridian, wish(coverages[:1], follow=True))
    assert give(alba, meridian, wish(coverages[:1], follow=True))


def test_many_cells_take_as_many_statements_as_few(grant, alba, larkfield, meridian):
    counts = []
    for number, level in ((2, QUOTE), (40, RENEW)):
        cells = [CoverageFactory(licence__customer=larkfield) for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            give(alba, meridian, wish(cells, level))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_preview_says_when_the_owner_must_do_it(grant, owen, meridian, coverages):
    with acting_as(owen):
        assert not preview_changes(owen, advisor=meridian, wish=wish(coverages, RENEW), today=today()).allowed


def test_terms_of_a_wish_are_always_selected():
    assert wish([], QUOTE).terms == Terms(Scope.SELECTED, QUOTE, END)
    assert wish([], QUOTE, follow=True).terms is None
