"""The permission table, held to the one that is written down: no right can come or go unnoticed."""

from pathlib import Path

import pytest

from accounts.keys import new_id
from accounts.permissions import LEVEL_POWERS, POWERS, Forbidden, as_table, require
from accounts.rules import ROLES, AccessLevel, Actor, Kind, Power

DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"


def test_the_document_holds_the_table():
    assert as_table() in DOCUMENT.read_text()


RIGHTS = [(who, power) for who, powers in POWERS.items() for power in sorted(powers)]


@pytest.mark.parametrize(("who", "power"), RIGHTS)
def test_no_right_of_a_role_can_be_lost_unnoticed(who, power, monkeypatch):
    monkeypatch.setitem(POWERS, who, POWERS[who] - {power})
    with pytest.raises(AssertionError):
        test_the_document_holds_the_table()
    with pytest.raises(Forbidden):
        require(Actor(new_id(), *who), power)


MISSING = [(who, power) for who in POWERS for power in Power if power not in POWERS[who]]


@pytest.mark.parametrize(("who", "power"), MISSING)
def test_no_right_can_be_given_to_a_role_unnoticed(who, power, monkeypatch):
    monkeypatch.setitem(POWERS, who, POWERS[who] | {power})
    with pytest.raises(AssertionError):
        test_the_document_holds_the_table()


@pytest.mark.parametrize(("level", "power"), [(level, power) for level in LEVEL_POWERS if level for power in Power])
def test_no_power_of_a_level_can_be_turned_unnoticed(level, power, monkeypatch):
    monkeypatch.setitem(LEVEL_POWERS, level, LEVEL_POWERS[level] ^ {power})
    with pytest.raises(AssertionError):
        test_the_document_holds_the_table()


@pytest.mark.parametrize("level", [level for level in AccessLevel if level])
def test_each_level_holds_the_powers_of_those_below_it(level):
    assert LEVEL_POWERS[AccessLevel(level - 1)] < LEVEL_POWERS[level]


def test_every_role_of_every_kind_has_its_row():
    assert {(kind, role) for kind in Kind for role in ROLES[kind]} == set(POWERS)


def test_every_power_is_somebodys():
    assert set().union(*POWERS.values(), *LEVEL_POWERS.values()) == set(Power)


def test_nobody_may_do_anything():
    with pytest.raises(Forbidden):
        require(None, Power.SEE_DATES, level=AccessLevel.RENEW)
