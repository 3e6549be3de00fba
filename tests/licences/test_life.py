"""The life of an assignment: every state, verb and role; the database and the docs say the same."""

import re
from itertools import product
from pathlib import Path

import pytest

from accounts.permissions import POWERS
from accounts.rules import Kind, Role
from licences.exports.life import life_table
from licences.rules import Status
from licences.rules.life import TRANSITIONS, Verb, may

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
def test_the_calendar_lapses_what_waits_and_expires_what_stands(status):
    ends = {verb: TRANSITIONS.get((status, verb)) for verb in (Verb.LAPSE, Verb.EXPIRE)}
    assert ends[Verb.LAPSE] is (Status.LAPSED if status is Status.REQUESTED else None)
    standing = status in (Status.ACTIVE, Status.SUSPENDED)
    assert ends[Verb.EXPIRE] is (Status.EXPIRED if standing else None)


def test_the_database_allows_the_same_changes_of_state():
    guard = (ROOT / "licences/sql/assignments.sql").read_text().split("raise exception")[0]
    pairs = set(re.findall(r"\('(\w+)', '(\w+)'\)", guard))
    assert pairs == {(start.value, end.value) for (start, _), end in TRANSITIONS.items() if start is not end}


def test_the_docs_print_the_table_of_the_code():
    assert (ROOT / "docs/assignments.md").read_text() == life_table()
