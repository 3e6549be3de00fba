"""What PostgreSQL shows, by each wall alone and by both, held against a model in plain Python (tests/oracle.py)."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.keys import new_id
from accounts.rules import AccessLevel, Actor, Kind, Role
from accounts.tenancy import acting_as
from licences.models import Assignment, Coverage, Selection, Visibility
from licences.rules import Scope
from licences.rules.access import Refusal, Refused, Terms, Ticks, Wish
from licences.services.assignments import change_access, revoke
from licences.services.drafts import activate, begin_assignment, choose_access, choose_contact, choose_licences
from licences.services.reviews import review_assignments
from licences.services.shares import preview_changes, set_access
from licences.services.soundness import compare
from tests.cast import ContactFactory, CoverageFactory, LicenceFactory, OrganisationFactory
from tests.hats import database_role, stop_clock
from tests.oracle import World

SIDE, FIRM, LEVEL = st.integers(0, 1), st.integers(0, 1), st.integers(1, 3)
SCOPE = st.sampled_from([Scope.SELECTED, Scope.SELECTED, Scope.ALL])
DAYS = st.sampled_from([0, 1, 2, 5, 40])
PROGRAMMES = ("sa", "hw", "am", "ac")
DEEP = bool(os.environ.get("COTERM_DEEP"))
EXAMPLES, STEPS = (150, 40) if DEEP else (15, 15)
ANSWERS = {"compared": 0}


def somebody(organisation, kind, role):
    return Actor(organisation.pk, kind, role, new_id())


class Walls(RuleBasedStateMachine):
    """Two customers on either side of the date line, two firms, a stranger with neither, and nobody."""

    fault = None

    @initialize()
    def begin(self):
        self.everything = transaction.atomic()
        self.everything.__enter__()
        customers = [OrganisationFactory(time_zone=zone) for zone in ("Pacific/Auckland", "Pacific/Honolulu")]
        self.contacts = [ContactFactory() for _ in "ab"]
        self.firms = [contact.firm.organisation for contact in self.contacts]
        self.owners = [somebody(each, Kind.CUSTOMER, Role.OWNER) for each in customers]
        advisors = [somebody(each, Kind.ADVISOR, Role.MEMBER) for each in self.firms]
        stranger = somebody(OrganisationFactory(), Kind.CUSTOMER, Role.OWNER)
        self.actors = [*self.owners, *advisors, stranger, None]
        self.licences = [LicenceFactory(customer=each) for each in customers]
        self.world = World({each.pk: each.time_zone for each in customers}, datetime.now(UTC).replace(microsecond=0))
        stop_clock(self.world.now)
        if self.fault:
            plant(*self.fault)
        for side in (0, 1):
            self.add_coverage(side)
            self.add_coverage(side)

    def teardown(self):
        if hasattr(self, "everything"):
            transaction.set_rollback(True)
            self.everything.__exit__(None, None, None)

    def own(self, side):
        owner = self.owners[side].organisation_id
        return sorted(coverage for coverage, customer in self.world.owner_of.items() if customer == owner)

    def pair(self, side, firm):
        return self.owners[side].organisation_id, self.firms[firm].pk

    def some(self, data, side, *, least=1):
        own = self.own(side)
        return frozenset(data.draw(st.sets(st.sampled_from(own), min_size=least))) if own else frozenset()

    def today(self, side):
        return self.world.today(self.owners[side].organisation_id)

    @rule(side=SIDE)
    def add_coverage(self, side):
        if len(self.own(side)) < 4:
            used = Coverage.objects.filter(licence=self.licences[side]).values_list("programme", flat=True)
            with database_role("coterm_owner"):
                free = next(programme for programme in PROGRAMMES if programme not in set(used))
            coverage = CoverageFactory(licence=self.licences[side], programme=free)
            self.world.owner_of[coverage.pk] = coverage.customer_id

    @rule(side=SIDE, data=st.data())
    def drop_coverage(self, side, data):
        if len(self.own(side)) > 1:
            gone = data.draw(st.sampled_from(self.own(side)))
            with acting_as(self.owners[side]):
                rows = Coverage.objects.filter(pk=gone)
                rows._raw_delete(rows.db)
            self.world.forget(gone)

    @rule(side=SIDE, firm=FIRM, level=LEVEL, days=DAYS, scope=SCOPE, data=st.data())
    def assign(self, side, firm, level, days, scope, data):
        owner, chosen, ends_on = self.owners[side], self.some(data, side), self.today(side) + timedelta(days)
        possible = self.world.may_assign(*self.pair(side, firm), everything=scope is Scope.ALL)
        with acting_as(owner):
            draft = begin_assignment(owner, advisor=self.firms[firm])
            choose_contact(owner, assignment=draft, contact=self.contacts[firm])
            choose_licences(owner, assignment=draft, ticks=Ticks(chosen, frozenset(self.own(side)) - chosen))
            choose_access(owner, assignment=draft, terms=Terms(scope, AccessLevel(level), ends_on))
            done = self.allowed(activate, owner, assignment=draft, version=Assignment.objects.get(pk=draft.pk).version)
        assert done is possible
        if done:
            self.world.assign(
                draft.pk, *self.pair(side, firm), None if scope is Scope.ALL else set(chosen), level, ends_on
            )

    def allowed(self, verb, *args, **kwargs):
        try:
            verb(*args, **kwargs)
        except Refused as refused:
            assert refused.refusal in (Refusal.ALREADY_ALL, Refusal.NOTHING_CHOSEN)
            return False
        return True

    @rule(side=SIDE, firm=FIRM, level=LEVEL, days=DAYS, scope=SCOPE, data=st.data())
    def change(self, side, firm, level, days, scope, data):
        if not (held := self.world.held(*self.pair(side, firm))):
            return
        pk, owner = data.draw(st.sampled_from(sorted(held))), self.owners[side]
        add, ends_on = self.some(data, side, least=0), self.today(side) + timedelta(days)
        remove = self.some(data, side, least=0) - add
        wanted = self.world.changed(pk, everything=scope is Scope.ALL, add=set(add), remove=set(remove))
        with acting_as(owner):
            row = Assignment.objects.get(pk=pk)
            done = self.allowed(
                change_access,
                owner,
                assignment=row,
                version=row.version,
                terms=Terms(scope, AccessLevel(level), ends_on),
                ticks=Ticks(add, remove),
            )
        assert done is (wanted is not None)
        if wanted is not None:
            self.world.change(pk, scope is Scope.ALL, wanted, level, ends_on)

    @rule(side=SIDE, firm=FIRM, level=st.integers(0, 3), days=DAYS, follow=st.booleans(), data=st.data())
    def cells(self, side, firm, level, days, follow, data):
        held = self.world.held(*self.pair(side, firm))
        follow = follow and any(grant.everything for grant in held.values())
        if not held or not (chosen := self.some(data, side)):
            return
        owner, ends_on = self.owners[side], self.today(side) + timedelta(days)
        wish = Wish(chosen, AccessLevel(0 if follow else level), ends_on, follow)
        with acting_as(owner):
            stamp = preview_changes(owner, advisor=self.firms[firm], wish=wish, today=self.today(side)).stamp
            changed = {c.coverage for c in set_access(owner, advisor=self.firms[firm], wish=wish, stamp=stamp)}
            ticks = Selection.objects.filter(assignment__advisor=self.firms[firm], assignment__status="active")
            target = ticks.filter(coverage__in=changed).values_list("assignment", flat=True).first()
        self.world.set_cells(*self.pair(side, firm), changed, wish, target)
        if not follow:
            assert {self.world.level(coverage, self.firms[firm].pk) for coverage in chosen} == {level}

    @rule(side=SIDE, firm=FIRM, data=st.data())
    def end(self, side, firm, data):
        if held := self.world.held(*self.pair(side, firm)):
            pk = data.draw(st.sampled_from(sorted(held)))
            with acting_as(self.owners[side]):
                row = Assignment.objects.get(pk=pk)
                revoke(self.owners[side], assignment=row, version=row.version)
            self.world.grants[pk].revoked = True

    @rule(hours=st.sampled_from([7, 20, 26, 50, 130]))
    def pass_time(self, hours):
        """Before the review has run, access may be late; it never stays too long."""
        self.world.now += timedelta(hours=hours)
        stop_clock(self.world.now)
        for actor in self.actors[2:4]:
            with acting_as(actor):
                assert (
                    self.levels(Visibility.objects.all()).items() <= self.world.seen_by(actor.organisation_id).items()
                )
        with database_role("coterm_worker"):
            review_assignments(thorough=False)

    def levels(self, rows):
        ANSWERS["compared"] += 1
        return dict(rows.values_list("coverage_id", "access_level"))

    def ids(self, rows):
        ANSWERS["compared"] += 1
        return set(rows.values_list("pk", flat=True))

    @invariant()
    def each_wall_alone_and_both_show_what_was_granted(self):
        if not hasattr(self, "world"):
            return
        for actor in self.actors:
            expected = self.world.seen_by(actor and actor.organisation_id)
            with acting_as(actor):
                assert self.levels(Visibility.objects.all()) == expected
                assert self.ids(Coverage.objects.all()) == set(expected)
                assert self.ids(Coverage.objects.visible_to(actor)) == set(expected)
            with database_role("coterm_owner"):
                assert self.levels(Visibility.objects.visible_to(actor)) == expected
                assert self.ids(Coverage.objects.visible_to(actor)) == set(expected)

    @invariant()
    def visibility_is_sound(self):
        with database_role("coterm_worker"):
            assert compare().wrong == []


def plant(function, old, new):
    """Replaces a piece of one of the database's functions."""
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute("select pg_get_functiondef(oid) from pg_proc where proname = %s", [function])
        body = cursor.fetchone()[0]
        assert old in body
        cursor.execute(body.replace(old, new))


def run(machine, **limits):
    checks = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(machine, settings=settings(**checks, **limits))


@pytest.mark.django_db
def test_the_database_agrees_with_the_model():
    ANSWERS["compared"] = 0
    run(Walls, max_examples=EXAMPLES, stateful_step_count=STEPS)
    assert ANSWERS["compared"] > 30 * EXAMPLES


FAULTS = {
    "the highest wins": ("coterm_effective_grants", "order by a.scope desc", "order by a.level desc"),
    "one zone for all": ("coterm_day_end", "at time zone zone", "at time zone 'UTC'"),
    "revoked still reads": ("coterm_effective_grants", "a.status = 'active'", "a.status in ('active', 'revoked')"),
    "exclusions forgotten": ("coterm_effective_grants", "when 'all' then not", "when 'all' then true or not"),
}


@pytest.mark.django_db
@pytest.mark.skipif(not DEEP, reason="finding a fault by chance takes minutes: script/test --deep")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault):
    machine = type("Faulty", (Walls,), {"fault": FAULTS[fault]})
    with pytest.raises(AssertionError):
        run(machine, max_examples=200, stateful_step_count=25, phases=[Phase.generate], report_multiple_bugs=False)
