"""What holds the walls up beside the policies: no trigger can be dropped unnoticed, and no definer loses its pin."""

import pytest
from django.db import Error, connection

from tests.hats import database_role
from tests.tenancy.probes import undone
from tests.tenancy.test_catalogue import QUESTIONS
from tests.tenancy.test_walls import as_owner
from tests.tenancy.triggers import PROBES

TRIGGERS = "select tgname, tgrelid::regclass::text from pg_trigger where not tgisinternal"
DEFINERS = """select oid::regprocedure::text from pg_proc
    where pronamespace = 'public'::regnamespace and prosecdef order by 1"""


def asked(sql):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def outcome(name, *, dropped_from=None):
    """What the question answers after the statements, or that they were refused."""
    statements, question = PROBES[name]
    with database_role("coterm_owner"), undone(), connection.cursor() as cursor:
        if dropped_from:
            cursor.execute(f"drop trigger {name} on {dropped_from}")
        try:
            for statement in statements:
                cursor.execute(statement)
            cursor.execute(question)
            return cursor.fetchall()
        except Error as error:
            return str(error)


def test_no_trigger_can_be_dropped_unnoticed(world):
    tables = dict(asked(TRIGGERS))
    idle = [name for name in PROBES if outcome(name) == outcome(name, dropped_from=tables[name])]
    assert not idle, "\n".join(idle)


def test_every_trigger_has_its_probe(world):
    assert set(dict(asked(TRIGGERS))) == PROBES.keys()


def test_a_trigger_without_a_probe_is_noticed(world):
    with undone():
        as_owner(
            "create trigger planted before update on licences_coverage"
            " for each row execute function suppress_redundant_updates_trigger()"
        )
        with pytest.raises(AssertionError):
            test_every_trigger_has_its_probe(world)


def questions_answered():
    return {what: asked(question) for what, question in QUESTIONS.items()}


@pytest.mark.parametrize(
    "hole", ["alter function {} reset search_path", "grant execute on function {} to public"], ids=["pin", "right"]
)
def test_no_definer_can_be_opened_unnoticed(world, hole):
    before, unseen = questions_answered(), []
    for function, *_ in asked(DEFINERS):
        with undone():
            as_owner(hole.format(function))
            if questions_answered() == before:
                unseen.append(function)
    assert not unseen, "\n".join(unseen)
