"""The life of an assignment: every state, verb and role; the database and the docs say the same."""

import re
from itertools import product
from pathlib import Path

import pytest

from accounts.permissions import POWERS
from accounts.rules import Kind, Power, Role
from licences.exports.life import life_table
from licences.rules import Status
from licences.rules.life import LIFE, POWER, TRANSITIONS, Verb, may

ROOT = Path(__file__).resolve().parents[2]
# o customer's owner, m renewals manager, O advisor's owner, M its member
LETTERS = {
    "o": (Kind.CUSTOMER, Role.OWNER),
    "m": (Kind.CUSTOMER, Role.RENEWALS_MANAGER),
    "O": (Kind.ADVISOR, Role.OWNER),
    "M": (Kind.ADVISOR, Role.MEMBER),
}
TABLE = {
    "draft": {"choose": "om", "activate": "om", "discard": "om"},
    "requested": {"choose": "om", "approve": "om", "decline": "om", "withdraw": "OM"},
    "active": {"change": "om", "suspend": "om", "revoke": "om", "resign": "O"},
    "suspended": {"resume": "om", "revoke": "om", "resign": "O"},
}


@pytest.mark.parametrize(("status", "verb"), list(product(Status, Verb)))
def test_only_the_named_roles_may_do_what_the_state_allows(status, verb):
    letters = TABLE.get(status.value, {}).get(verb.value, "")
    allowed = {role for role, powers in POWERS.items() if may(status, verb, powers)}
    assert allowed == {LETTERS[letter] for letter in letters}


@pytest.mark.parametrize("status", list(Status))
def test_the_calendar_lapses_what_waits_expires_what_stands_and_extends_what_is_in_force(status):
    calendar = (Verb.LAPSE, Verb.EXPIRE, Verb.EXTEND)
    moves = {
        Status.REQUESTED: {Verb.LAPSE: Status.LAPSED},
        Status.ACTIVE: {Verb.EXPIRE: Status.EXPIRED, Verb.EXTEND: Status.ACTIVE},
        Status.SUSPENDED: {Verb.EXPIRE: Status.EXPIRED},
    }
    assert {verb: TRANSITIONS[status, verb] for verb in calendar if (status, verb) in TRANSITIONS} == moves.get(
        status, {}
    )


def test_the_database_allows_the_same_changes_of_state():
    guard = (ROOT / "licences/sql/assignments.sql").read_text().split("raise exception")[0]
    pairs = set(re.findall(r"\('(\w+)', '(\w+)'\)", guard))
    assert pairs == {(start.value, end.value) for (start, _), end in TRANSITIONS.items() if start is not end}


def test_the_docs_print_the_table_of_the_code():
    assert (ROOT / "docs/assignments.md").read_text() == life_table()


@pytest.mark.parametrize(("status", "verb"), list(product(Status, Verb)))
def test_no_cell_of_the_table_can_be_flipped_unnoticed(status, verb, monkeypatch):
    if (status, verb) in TRANSITIONS:
        monkeypatch.delitem(TRANSITIONS, (status, verb))
    else:
        monkeypatch.setitem(TRANSITIONS, (status, verb), Status.ACTIVE)
    with pytest.raises(AssertionError):
        test_only_the_named_roles_may_do_what_the_state_allows(status, verb)
        test_the_calendar_lapses_what_waits_expires_what_stands_and_extends_what_is_in_force(status)


@pytest.mark.parametrize(("move", "status"), [(move, status) for move in LIFE for status in move.ends])
def test_no_move_can_lead_elsewhere_unnoticed(move, status, monkeypatch):
    elsewhere = Status.SUSPENDED if move.ends[status] is not Status.SUSPENDED else Status.ACTIVE
    monkeypatch.setitem(move.ends, status, elsewhere)
    with pytest.raises(AssertionError):
        test_the_docs_print_the_table_of_the_code()


@pytest.mark.parametrize("verb", list(Verb))
def test_no_verb_can_ask_for_another_power_unnoticed(verb, monkeypatch):
    monkeypatch.setitem(POWER, verb, Power.SEE_LICENCES)
    with pytest.raises(AssertionError):
        for status in Status:
            test_only_the_named_roles_may_do_what_the_state_allows(status, verb)
