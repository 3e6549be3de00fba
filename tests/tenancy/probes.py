"""What one actor can read, change, remove and add in one table: the walls as the database itself shows them."""

import json
from contextlib import contextmanager
from functools import cache

from django.db import Error, connection, transaction

from accounts.keys import new_id
from accounts.rules import Actor, Kind, Role
from accounts.tenancy import set_actor
from tests.hats import database_role
from tests.tenancy.world import TOKEN

PEOPLE = ("alba", "bruno", "carmen", "diego", "elena", "farid")
ACTORS = (*PEOPLE, "undecided", "departed", "command", "nobody", "typed", "reset", "token", "invited")
PROBES = ("select", "update", "move", "delete", "insert")
TENANT_COLUMNS = ("customer_id", "organisation_id", "firm_id", "user_id")
RETURNED = ("licences_coverage", "licences_licence")  # Imports and forms add these and read them in one statement.


@contextmanager
def undone():
    """A savepoint that is always rolled back; and released, or each of ten thousand would lie within the last."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        transaction.savepoint_commit(point)


def introduce(world, who):
    """Tell the database who acts.

    `undecided` is Alba before an organisation is chosen, `departed` belongs to none any more, `command` is an operator
    acting for Larkfield; `typed` has typed Alba's address, `reset` follows her reset link; `token` holds an invitation,
    and `invited` is Owen, to whom it is addressed.
    """
    alba = world.memberships["alba"]
    if who in world.actors:
        set_actor(world.actors[who])
    elif who == "command":
        set_actor(Actor(alba.organisation_id, Kind.CUSTOMER, Role.OWNER))
    else:
        typed = {"typed": alba.user.email, "reset": str(alba.user_id)}.get(who, "")
        person = {"undecided": alba.user_id, "departed": world.departed.pk, "invited": world.owen.user_id}.get(who)
        set_actor(user_id=person, sign_in=typed, token=TOKEN if who in ("token", "invited") else "")


def rows_of(table):
    """Every row as JSON, in the owner's hat."""
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(f"select to_jsonb(t) from {table} t")
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]


def attempt(sql, params=None):
    """How many rows a statement reaches; `-` without the right; `x` where a policy refuses."""
    with undone(), connection.cursor() as cursor:
        try:
            cursor.execute(sql, params)
            return cursor.rowcount
        except Error as error:
            text = str(error)
            if "permission denied" in text:
                return "-"
            return "x" if "row-level security" in text else 1


@cache
def columns(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 order by attnum", [table]
        )
        return [row[0] for row in cursor.fetchall()]


def move(world, table, who):
    """Hand one's own rows to another tenant."""
    column = next((name for name in TENANT_COLUMNS if name in columns(table)), None)
    if column is None:
        return "-"
    stranger = world.memberships[
        "carmen" if who in ("alba", "bruno", "undecided", "command", "token", "invited") else "alba"
    ]
    value = stranger.user_id if column == "user_id" else stranger.organisation_id
    return attempt(f"update {table} set {column} = %s", [value])


def insert(table, rows):
    """How many of the planted rows this actor could have added itself."""
    answers = []
    for row in rows:
        fresh = row | ({"id": str(new_id())} if isinstance(row.get("id"), str) else {})
        sql = f"insert into {table} select * from jsonb_populate_record(null::{table}, %s)"
        answers.append(attempt(sql, [json.dumps(fresh)]))
        if table in RETURNED:
            answers.append(attempt(f"{sql} returning id", [json.dumps(fresh)]))
    return "-" if "-" in answers else sum(answer == 1 for answer in answers)


def probe(world, table, who, rows, kinds):
    key = columns(table)[0]
    questions = {
        "select": lambda: attempt(f"select {key} from {table}"),
        "update": lambda: attempt(f"update {table} set {key} = {key}"),
        "move": lambda: move(world, table, who),
        "delete": lambda: attempt(f"delete from {table}"),
        "insert": lambda: insert(table, rows),
    }
    with undone():
        introduce(world, who)
        return "/".join(str(questions[kind]()) for kind in kinds)


def reach(world, table, kinds=PROBES):
    """One word an actor, in the order of `ACTORS`: what each kind of statement reaches."""
    rows = rows_of(table)
    return " ".join(probe(world, table, who, rows, kinds) for who in ACTORS)


# Where web may write some columns alone, or only from one state to another: what it would do, and the owner before it.
MOVES = {
    "accounts_letter": (
        ("update accounts_letter set state = 'dead'", "update accounts_letter set state = 'pending'"),
        ("update accounts_letter set state = 'pending'", "update accounts_letter set state = 'cancelled'"),
    ),
    "accounts_sending": (("update accounts_sending set why = ''", "update accounts_sending set why = why"),),
}


def moved(world, table):
    """What each actor's moves in this table reach."""
    answers = []
    for who in ACTORS if table in MOVES else ():
        for before, statement in MOVES[table]:
            with undone():
                with database_role("coterm_owner"), connection.cursor() as cursor:
                    cursor.execute(before)
                introduce(world, who)
                answers.append(attempt(statement))
    return answers


def walled_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and relrowsecurity order by relname"
        )
        return [row[0] for row in cursor.fetchall()]
