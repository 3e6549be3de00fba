"""Row-level security alone: what each actor reaches in each table, and that no policy is idle."""

import pytest
from django.db import connection

from tests.hats import database_role
from tests.tenancy.expected import REACH, WORKER_RIGHTS
from tests.tenancy.probes import ACTORS, PROBES, moved, probe, reach, rows_of, undone, walled_tables
from tests.tenancy.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.long]
POLICIES = "select tablename, policyname, cmd, qual, with_check from pg_policies where 'coterm_web' = any (roles)"


# What a policy of each command can change.
AFFECTED = {
    "SELECT": ("select", "update", "delete", "insert"),
    "INSERT": ("insert",),
    "UPDATE": ("update", "move"),
    "DELETE": ("delete",),
    "ALL": PROBES,
}


def unchanged(world, table, kinds, before):
    """Whether the table still answers as expected to these kinds of statements, and to moves as it did before.

    The first actor who is answered otherwise has noticed; nobody else is asked.
    """
    if moved(world, table) != before[table]:
        return False
    rows = rows_of(table)
    words = zip(ACTORS, REACH[table].split(), strict=True)
    return all(probe(world, table, who, rows, kinds) == answers(word, kinds) for who, word in words)


def answers(word, kinds):
    return "/".join(answer for kind, answer in zip(PROBES, word.split("/"), strict=True) if kind in kinds)


def as_owner(statement):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(statement)


def web_policies():
    with connection.cursor() as cursor:
        cursor.execute(POLICIES)
        return cursor.fetchall()


def test_each_actor_reaches_exactly_its_rows():
    world = make_world()
    found = {table: reach(world, table) for table in walled_tables()}
    changed = [f'"{table}": "{answer}",' for table, answer in found.items() if REACH.get(table) != answer]
    assert not changed, "Judge each of these, then write it into expected.py:\n" + "\n".join(changed)
    assert REACH.keys() == found.keys()


def unnoticed(holes):
    """The names of those holes of which nothing tells that anybody reaches.

    Each is a name, the table, the kinds of statements that it concerns, and what tears it.
    """
    world, unseen = make_world(), []
    before = {table: moved(world, table) for table in walled_tables()}
    for name, table, kinds, statement in holes:
        with undone():
            as_owner(statement)
            if unchanged(world, table, kinds, before):
                unseen.append(name)
    return unseen


def test_no_policy_can_be_dropped_unnoticed():
    holes = [
        (f"{table}.{name}", table, AFFECTED[command], f"drop policy {name} on {table}")
        for table, name, command, *_ in web_policies()
    ]
    assert unnoticed(holes) == []


def test_a_policy_without_a_probe_is_noticed(monkeypatch):
    as_owner("create policy planted on licences_lead for update to coterm_web using (false)")
    planted = [row for row in web_policies() if row[1] == "planted"]
    monkeypatch.setattr(f"{__name__}.web_policies", lambda: planted)
    with pytest.raises(AssertionError, match="planted"):
        test_no_policy_can_be_dropped_unnoticed()


def test_no_policy_can_be_widened_unnoticed():
    holes = []
    for table, name, command, qual, check in web_policies():
        clauses = ("using (true) " if qual else "") + ("with check (true)" if check else "")
        holes.append((f"{table}.{name}", table, AFFECTED[command], f"alter policy {name} on {table} {clauses}"))
    assert unnoticed(holes) == []


def test_no_wall_can_be_switched_off_unnoticed():
    torn = "alter table {} disable row level security"
    holes = [(table, table, ("select", "insert"), torn.format(table)) for table in walled_tables()]
    assert unnoticed(holes) == ["renewals_touched"], "web has no right to it at all"


def test_the_worker_has_only_the_rights_of_its_jobs():
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(
            "select table_name, string_agg(lower(privilege_type), ' ' order by privilege_type)"
            " from information_schema.role_table_grants where grantee = 'coterm_worker' group by 1"
        )
        assert dict(cursor.fetchall()) == WORKER_RIGHTS
