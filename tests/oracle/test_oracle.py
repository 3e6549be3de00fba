"""What PostgreSQL shows, by each wall alone and by both, held against a model in plain Python (model.py)."""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.oracle.chapters import CHAPTERS, act
from tests.oracle.faults import FAULTS, IN_THE_FUNCTION
from tests.oracle.pleas import Play
from tests.oracle.sight import COUNTED, question

DEEP = bool(os.environ.get("COTERM_DEEP"))
EXAMPLES, STEPS = (120, 60) if DEEP else (7, 20)
LEAST = 20_000

TWO, LEVEL, YES = st.integers(0, 1), st.integers(1, 3), st.booleans()
AUTHOR = st.sampled_from([0, 1, None])
DEALS = ["submit", "submit", "accept", "accept", "withdraw_quote", "decline_quote", "discard", "cancel_order"]
DAYS = st.sampled_from([0, 1, 2, 5, 40])
ALL = st.sampled_from([False, False, True])
HOURS = st.sampled_from([7, 20, 26, 50, 130, 400, 2200])


class Walls(RuleBasedStateMachine):
    """Hypothesis chooses what happens next; after each step everybody looks at everything."""

    fault = None

    @initialize()
    def begin(self):
        self.everything = transaction.atomic()
        self.everything.__enter__()
        self.play = Play()
        if self.fault:
            self.fault.plant(pytest.MonkeyPatch())

    def teardown(self):
        if hasattr(self, "everything"):
            transaction.set_rollback(True)
            self.everything.__exit__(None, None, None)

    def some(self, data, side, *, least=1):
        own = self.play.own(side)
        return data.draw(st.sets(st.sampled_from(own), min_size=least)) if own else set()

    @staticmethod
    def pick(data):
        return lambda choices: data.draw(st.sampled_from(choices))

    @rule(side=TWO)
    def add_coverage(self, side):
        if len(self.play.own(side)) < 4:
            self.play.add_coverage(side)

    @rule(side=TWO, data=st.data())
    def drop_coverage(self, side, data):
        self.play.drop_coverage(side, self.pick(data))

    @rule(side=TWO, days=st.sampled_from([-400, -1, 30, 365]), data=st.data())
    def renew(self, side, days, data):
        self.play.renew(side, self.pick(data), days=days)

    @rule(side=TWO, firm=TWO, level=LEVEL, days=DAYS, everything=ALL, data=st.data())
    def assign(self, side, firm, level, days, everything, data):
        chosen = self.some(data, side)
        self.play.assign(side, firm, chosen, level=level, days=days, everything=everything)

    @rule(side=TWO, firm=TWO, level=LEVEL, days=DAYS, everything=ALL, data=st.data())
    def change(self, side, firm, level, days, everything, data):
        add = self.some(data, side, least=0)
        ticks = {"add": add, "remove": self.some(data, side, least=0) - add}
        self.play.change(side, firm, self.pick(data), **ticks, level=level, days=days, everything=everything)

    @rule(side=TWO, firm=TWO, level=st.integers(0, 3), days=DAYS, follow=YES, data=st.data())
    def set_cells(self, side, firm, level, days, follow, data):
        self.play.set_cells(side, firm, self.some(data, side), level=level, days=days, follow=follow)

    @rule(side=TWO, firm=TWO, verb=st.sampled_from(["end", "pause", "resume", "resign"]), data=st.data())
    def end_or_pause(self, side, firm, verb, data):
        getattr(self.play, verb)(side, firm, self.pick(data))

    @rule(firm=TWO, active=YES)
    def agreement(self, firm, active):
        self.play.agreement(firm, active=active)

    @rule(side=TWO, firm=TWO, level=LEVEL, days=DAYS, data=st.data())
    def ask(self, side, firm, level, days, data):
        self.play.ask(side, firm, self.pick(data), level=level, days=days)

    @rule(side=TWO, firm=TWO, yes=YES, data=st.data())
    def answer(self, side, firm, yes, data):
        self.play.answer(side, firm, self.pick(data), yes=yes)

    @rule(side=TWO, firm=TWO, level=LEVEL, everything=YES)
    def approach(self, side, firm, level, everything):
        self.play.approach(side, firm, level=level, everything=everything)

    @rule(side=TWO, firm=TWO, level=LEVEL, days=DAYS, everything=ALL, data=st.data())
    def approve(self, side, firm, level, days, everything, data):
        self.play.approve(side, firm, self.some(data, side), level=level, days=days, everything=everything)

    @rule(side=TWO, firm=TWO, reply=YES)
    def turn_down(self, side, firm, reply):
        self.play.turn_down(side, firm, reply=reply)

    @rule(firm=TWO, data=st.data())
    def take_words_back(self, firm, data):
        self.play.take_words_back(firm, self.pick(data))

    @rule(side=TWO, days=DAYS, ends=YES)
    def support(self, side, days, ends):
        self.play.end_support(side) if ends else self.play.support(side, days=days)

    @rule(side=TWO, taker=TWO, days=DAYS, data=st.data())
    def prepare(self, side, taker, days, data):
        self.play.prepare(side, taker, self.some(data, side), days=days)

    @rule(side=TWO, firm=TWO, taker=TWO, days=DAYS, data=st.data())
    def propose(self, side, firm, taker, days, data):
        self.play.propose(side, firm, taker, self.some(data, side), days=days)

    @rule(side=TWO, verb=st.sampled_from(["consent", "consent", "decline", "withdraw", "take_copy"]), data=st.data())
    def decide(self, side, verb, data):
        getattr(self.play, verb)(side, self.pick(data))

    @rule(side=TWO, firm=TWO, data=st.data())
    def take_back(self, side, firm, data):
        self.play.take_back(side, firm, self.pick(data))

    @rule(side=TWO, receipt=st.sampled_from([True, True, False]), data=st.data())
    def take(self, side, receipt, data):
        self.play.take(side, self.pick(data), receipt=receipt)

    @rule(side=TWO, firm=TWO, data=st.data())
    def lead(self, side, firm, data):
        self.play.lead(side, firm, self.some(data, side))

    @rule(side=TWO, firm=AUTHOR, data=st.data())
    def draft(self, side, firm, data):
        self.play.draft(side, firm, self.some(data, side))

    @rule(side=TWO, verb=st.sampled_from(DEALS), data=st.data())
    def deal(self, side, verb, data):
        getattr(self.play, verb)(side, self.pick(data))

    @rule(side=TWO, firm=AUTHOR, verb=st.sampled_from(["certificate", "give_up"]), data=st.data())
    def say(self, side, firm, verb, data):
        if own := self.play.own(side):
            getattr(self.play, verb)(side, firm, data.draw(st.sampled_from(own)))
            self.play.certificate_of_all(side)

    @rule(hours=HOURS)
    def pass_time(self, hours):
        self.play.pass_time(hours)

    @invariant()
    def everybody_sees_what_was_granted(self):
        if hasattr(self, "play"):
            self.play.look()


def run(machine, **limits):
    """Shrinking takes minutes, and the steps are printed without it."""
    checks = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    checks["phases"] = [*Phase] if DEEP else [Phase.generate]
    run_state_machine_as_test(machine, settings=settings(**checks | limits))


@pytest.mark.django_db
@pytest.mark.long
def test_the_database_agrees_with_the_model():
    COUNTED["made"] = 0
    run(Walls, max_examples=EXAMPLES, stateful_step_count=STEPS)
    assert COUNTED["made"] > LEAST


@pytest.mark.django_db
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.__name__)
def test_the_chapters_agree_with_the_model(chapter):
    act(chapter)


@pytest.fixture
def planted(monkeypatch):
    """Plants a fault; the questions that were written under it are forgotten."""
    yield lambda fault: fault.plant(monkeypatch)
    monkeypatch.undo()
    question.cache_clear()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, planted):
    planted(FAULTS[fault])
    with pytest.raises(AssertionError):
        act(FAULTS[fault].chapter)


@pytest.mark.django_db
@pytest.mark.skipif(not DEEP, reason="finding a fault by chance takes minutes: script/test --deep")
@pytest.mark.parametrize("fault", IN_THE_FUNCTION)
def test_a_planted_fault_is_found_by_chance(fault):
    machine = type("Faulty", (Walls,), {"fault": IN_THE_FUNCTION[fault]})
    with pytest.raises(AssertionError):
        run(machine, max_examples=200, stateful_step_count=25, phases=[Phase.generate], report_multiple_bugs=False)
