"""What is foreseen of a change is what the database shows after it, for every way of giving and taking access."""

import os
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.permissions import Forbidden
from accounts.rules import AccessLevel, Actor, Kind, Role
from accounts.tenancy import acting_as, looking_as
from licences.models import Assignment, Exclusion, Visibility
from licences.rules import Scope, Status
from licences.rules.access import Refused, Terms, Ticks, Wish
from licences.services import looks
from licences.services.assignments import change_access
from licences.services.drafts import activate
from licences.services.shares import preview_changes, set_access
from renewals.views.sight import seen_now, seen_then
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    CoverageFactory,
    LicenceFactory,
    MembershipFactory,
    actor,
    today,
)
from tests.hats import database_role

pytestmark = pytest.mark.django_db
DEEP = bool(os.environ.get("COTERM_DEEP"))
COUNT = 3
SOME = st.frozensets(st.integers(0, COUNT - 1))
DAYS = st.sampled_from([0, 1, 40, 300])
LEVEL = st.sampled_from(AccessLevel).filter(bool)
SCOPE = st.sampled_from(Scope)


@st.composite
def begun(draw):
    """What the firm holds at first: nothing or everything but some, and up to two grants of chosen coverages."""
    first = draw(SOME)
    everything = draw(st.none() | st.tuples(LEVEL, DAYS, SOME))
    chosen = [(draw(LEVEL), draw(DAYS), picks) for picks in (first, draw(SOME) - first) if picks]
    return everything, chosen


class Stage:
    """A customer with an owner, a firm with a contact, and what that holds."""

    def __init__(self, everything, chosen):
        member = MembershipFactory()
        self.alba, self.contact = actor(member), ContactFactory()
        self.firm, customer = self.contact.firm.organisation, member.organisation
        self.coverages = [CoverageFactory(licence=LicenceFactory(customer=customer)) for _ in range(COUNT)]
        self.common = {"customer": customer, "advisor": self.firm, "contact": self.contact}
        if everything:
            level, days, left_out = everything
            grant = AssignmentFactory(**self.common, level=level, ends_on=today() + timedelta(days))
            self.name(Exclusion, grant, left_out)
        for level, days, picks in chosen:
            self.grant(level=level, ends_on=today() + timedelta(days), picked=self.these(picks))

    def grant(self, **fields):
        return AssignmentFactory(**self.common, scope=Scope.SELECTED, **fields)

    def these(self, numbers):
        return [self.coverages[number] for number in sorted(numbers)]

    def ids(self, numbers):
        return frozenset(coverage.pk for coverage in self.these(numbers))

    def name(self, model, grant, numbers):
        with database_role("coterm_owner"):
            for coverage in self.these(numbers):
                model.objects.create(customer=grant.customer, assignment=grant, coverage=coverage)

    def then(self, foreseen):
        return told(seen_then(self.alba, foreseen, {}, today=today()))

    def now(self):
        return told(seen_now(self.alba, self.firm, {}, today=today()))


def told(sight):
    """All that a sight says, in a form that compares."""
    rows = [(row["coverage_id"], row["access_level"], row["assignment__ends_on"]) for row in sight.page]
    return rows, sight.tally, sight.standings, [member.pk for member in sight.people]


def examples(test):
    """Each on a stage of its own, which is taken down again."""
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=150 if DEEP else 12, deadline=None, suppress_health_check=quiet)(test)


def hold(stage, foresee, change):
    """Foresees, changes, and compares; a change that is refused leaves everything as it was."""
    with acting_as(stage.alba):
        before, foreseen = stage.now(), stage.then(foresee())
        try:
            with transaction.atomic():
                change()
        except (Refused, Forbidden):
            assert stage.now() == before
            return
        assert stage.now() == foreseen


@examples
@given(begun(), SCOPE, LEVEL, DAYS, SOME)
def test_a_draft_shows_what_its_confirmation_gives(held, scope, level, days, picks):
    with transaction.atomic():
        stage = Stage(*held)
        ends_on = today() + timedelta(days)
        draft = AssignmentFactory(**stage.common, scope=scope, level=level, ends_on=ends_on, status=Status.DRAFT)
        if scope is Scope.SELECTED:
            with database_role("coterm_owner"):
                draft.delete()
            draft = stage.grant(level=level, ends_on=ends_on, status=Status.DRAFT, picked=stage.these(picks))
        hold(
            stage,
            lambda: looks.foresee_draft(stage.alba, draft=draft),
            lambda: activate(stage.alba, assignment=draft, version=1),
        )
        transaction.set_rollback(True)


@examples
@given(begun(), st.integers(0, 2), SCOPE, LEVEL, DAYS, SOME, SOME)
def test_a_form_shows_what_saving_it_gives(held, which, scope, level, days, add, remove):
    with transaction.atomic():
        stage = Stage(*held)
        with acting_as(stage.alba):
            rows = list(Assignment.objects.order_by("id"))
        if rows:
            row = rows[which % len(rows)]
            terms = Terms(scope, level, today() + timedelta(days))
            ticks = Ticks(stage.ids(add), stage.ids(remove - add))
            hold(
                stage,
                lambda: looks.foresee_edit(stage.alba, assignment=row, terms=terms, ticks=ticks),
                lambda: change_access(stage.alba, assignment=row, version=1, terms=terms, ticks=ticks),
            )
        transaction.set_rollback(True)


@examples
@given(begun(), SOME, st.sampled_from(AccessLevel), DAYS, st.booleans())
def test_a_review_of_many_shows_what_its_changes_give(held, chosen, level, days, follow):
    with transaction.atomic():
        stage = Stage(*held)
        wish = Wish(stage.ids(chosen), level, today() + timedelta(days), follow)

        def change():
            stamp = preview_changes(stage.alba, advisor=stage.firm, wish=wish, today=today()).stamp
            set_access(stage.alba, advisor=stage.firm, wish=wish, stamp=stamp)

        hold(stage, lambda: looks.foresee_wish(stage.alba, advisor_id=stage.firm.pk, wish=wish), change)
        transaction.set_rollback(True)


def test_another_customer_is_never_seen_with_the_firms_eyes():
    stage, other = Stage((1, 40, ()), []), Stage((3, 40, ()), [])
    AssignmentFactory(customer=other.common["customer"], advisor=stage.firm, level=3)
    with acting_as(stage.alba):
        rows, tally, *_ = stage.now()
    assert {pk for pk, *_ in rows} == stage.ids(range(COUNT))
    assert tally.coverages == COUNT


def test_the_firms_eyes_cannot_write_and_are_closed_afterwards():
    stage = Stage((1, 40, ()), [])
    eyes = Actor(stage.firm.pk, Kind.ADVISOR, Role.MEMBER, stage.alba.user_id)
    with acting_as(stage.alba):
        with pytest.raises(Exception, match="read-only"), looking_as(eyes), connection.cursor() as cursor:
            cursor.execute("delete from renewals_savedview")
        assert Visibility.objects.filter(organisation=stage.alba.organisation_id).count() == COUNT
        Assignment.objects.update(version=7)


def test_who_sees_nothing_is_shown_to_see_nothing():
    stage = Stage(None, [])
    with acting_as(stage.alba):
        rows, tally, standings, people = stage.now()
    assert (rows, tally.coverages, standings, people) == ([], 0, [], [])
