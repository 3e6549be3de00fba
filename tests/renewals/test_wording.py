"""The sentences of digests and of the ledger."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import translation

from renewals.letters import wording
from renewals.rules.digest import Case, Deadline, Item
from renewals.rules.recipients import Why
from renewals.rules.reminders import lasting
from renewals.services.owed import Helper

EXPIRES, BOUNDARY = date(2026, 12, 4), date(2027, 12, 4)


def deadline(case, *, days=12, count=1):
    items = tuple(Item(uuid4(), uuid4(), "Larkfield", "Gateway", "sa", 1, EXPIRES, -14) for _ in range(count))
    return Deadline(case, EXPIRES, days, BOUNDARY, items, count)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case.AHEAD, "2 coverages expire on 4 December 2026, in 12 days"),
        (Case.TOMORROW, "2 coverages expire tomorrow, 4 December 2026"),
        (Case.TODAY, "2 coverages expire today, 4 December 2026"),
        (Case.YESTERDAY, "2 coverages lapsed yesterday, 4 December 2026"),
        (Case.LAPSED, "2 coverages lapsed on 4 December 2026, 12 days ago"),
        (Case.CLOSING, "2 coverages lapsed on 4 December 2026: their gap can be closed until 4 December 2027"),
    ],
)
def test_headings(case, said):
    assert wording.heading(deadline(case, count=2)) == said


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("case", Case)
@pytest.mark.parametrize("count", [1, 2])
def test_every_sentence_is_whole_in_both_languages(language, case, count):
    with translation.override(language):
        told = deadline(case, count=count)
        assert "%" not in wording.heading(told) + wording.heading(told, short=True) + wording.consequence(told)


@pytest.mark.parametrize(
    ("why", "names", "said"),
    [
        (Why.OWNER, ["A"], "You get this because you are an owner at A."),
        (Why.APPROVER, ["A", "B"], "You get this because you approve renewals at A and B."),
        (Why.LEAD, ["A"], "You get this because you are the contact that A has chosen."),
        (Why.LEAD, list("ABCD"), "You get this because you are the contact that these customers have chosen."),
        (Why.OWNER, list("ABCD"), "You get this because you are an owner at these customers."),
    ],
)
def test_reasons(why, names, said):
    assert wording.reason(why, names) == said


def test_approvers_are_told_their_own_rhythm():
    assert wording.rhythm(Why.APPROVER).startswith("We write 30, 14, 7 and 1 days before an expiry")


@pytest.mark.parametrize(
    ("helper", "said"),
    [
        (Helper("Meridian", "Bruno", "", may_quote=True, sees=2), "may quote for these. Your contact there is Bruno."),
        (Helper("Meridian", "Bruno", "1", may_quote=False, sees=2), "sees these. Your contact there is Bruno: 1."),
        (Helper("Meridian", "Bruno", "1", may_quote=True, sees=1), "sees some of these."),
    ],
)
def test_helpers(helper, said):
    assert said in wording.helper(helper, of=2)


def test_a_desk_without_a_name_is_greeted_all_the_same():
    assert wording.greeting("", "It lapses.") == "Hello. It lapses."


def test_every_window_has_a_label_of_its_own():
    labels = [wording.window_label(each.window.code) for each in lasting()]
    assert labels[0] == "120 days before expiry"
    assert labels[-2:] == ["30 days before the gap stays for good", "7 days before the gap stays for good"]
    assert len(set(labels)) == len(labels)
