"""The programme's queue: a view with its owner's rights, which therefore asks itself who looks, and shows little."""

import pytest
from django.db import connection

from tests.hats import database_role
from tests.tenancy.probes import ACTORS, attempt, introduce, rows_of, undone
from tests.tenancy.world import make_world

pytestmark = pytest.mark.django_db
HOLES = {
    "for everybody": (
        "(( SELECT current_setting('app.role'::text, true) AS current_setting) = 'manager'::text)",
        "true",
    ),
    "whatever was sent": ("'dead'::character varying", "'sent'::character varying"),
    "whole addresses": ("(\"left\"((recipient)::text, 1) || '…@'::text)", "((recipient)::text || '@'::text)"),
    "addresses within reasons": ("'…@'::text, 'g'::text", "'\\&'::text, 'g'::text"),
}


def read(world, who):
    with undone(), connection.cursor() as cursor:
        introduce(world, who)
        cursor.execute("select * from accounts_queue order by id")
        return cursor.fetchall()


@pytest.fixture
def world():
    world = make_world()
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute("update accounts_letter set state = 'sent', sent_at = now() where kind = 'reminders'")
        cursor.execute(
            "update accounts_letter set reason = '550 <' || recipient || '>: nobody here', subject = 'secret'"
        )
    return world


def shown(world):
    """Whatever anybody reads there."""
    return {who: read(world, who) for who in ACTORS}


def test_managers_alone_read_it(world):
    seen = shown(world)
    assert {who for who, rows in seen.items() if rows} == {"elena"}
    assert len(seen["elena"]) == len([row for row in rows_of("accounts_letter") if row["state"] != "sent"])


def test_it_tells_no_address_and_no_subject(world):
    told = str(read(world, "elena"))
    letters = rows_of("accounts_letter")
    assert "550 <…@" in told and "secret" not in told
    assert not [each for each in letters if each["recipient"] in told]


def test_managers_take_a_letter_on_or_back_and_no_other_way(world):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute("update accounts_letter set state = 'pending' where state <> 'sent'")
    with undone():
        introduce(world, "elena")
        assert attempt("update accounts_queue set state = 'cancelled'") == len(read(world, "elena"))
        assert attempt("update accounts_queue set kind = 'x'") == "-"
        assert attempt("update accounts_letter set state = 'cancelled'") < len(read(world, "elena"))
        introduce(world, "alba")
        assert attempt("update accounts_queue set state = 'cancelled'") == 0


@pytest.mark.parametrize("hole", HOLES)
def test_no_part_of_it_can_be_left_out_unnoticed(world, hole):
    old, new = HOLES[hole]
    before = shown(world)
    with undone():
        with database_role("coterm_owner"), connection.cursor() as cursor:
            cursor.execute("select pg_get_viewdef('accounts_queue'::regclass)")
            body = cursor.fetchone()[0]
            assert old in body, body
            cursor.execute(f"create or replace view accounts_queue with (security_barrier) as {body.replace(old, new)}")
        assert shown(world) != before
