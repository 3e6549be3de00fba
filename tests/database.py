"""The test databases: migrated once as a template, copied for each process, and copied afresh after a commit.

`python -m tests.database RUN` makes the template for the processes of that run.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.db import connection

LOCK = 20260


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Lets the parallel processes of a run take turns; the lock is the server's, so that none is ever stale."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        yield


def migrated_template(*, run: str, keep: bool) -> str:
    """The name of a migrated database that nobody is connected to; made by whichever process of `run` comes first."""
    creation = connection.creation
    name = creation._get_test_db_name()
    with one_at_a_time():
        if mark_of(name) != run:
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
            connection.close()
            server(f"comment on database \"{name}\" is '{run}'")
    return name


def mark_of(name: str) -> str | None:
    """The run that migrated this database."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else None


def copy(template: str, name: str) -> None:
    """Replaces the database `name` by a fresh copy."""
    connection.close()
    with one_at_a_time():
        drop(name)
        server(f'create database "{name}" template "{template}"')
    # A template's rights are not copied. Without TEMP, nobody can hang a definer trigger on a table of their own.
    server(f'revoke all on database "{name}" from public')
    server(f'grant connect on database "{name}" to coterm_web, coterm_worker')


def drop(name: str) -> None:
    """Ends the sessions that threads and servers of a test have left; DROP itself sends autovacuum away.

    WITH (FORCE) would do both, but the owner may not end a session of the system.
    """
    connection.close()
    server(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        f" where datname = '{name}' and pg_has_role(current_user, usesysid, 'usage') and pid <> pg_backend_pid()"
    )
    server(f'drop database if exists "{name}"')


def server(statement: str) -> None:
    """Runs a statement on the server's own database, in the hat of the owner."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute(statement)


@contextmanager
def acting_as_web(name: str) -> Iterator[None]:
    """From here on every connection of every thread is to this database, and wears the hat of web."""
    settings = connection.settings_dict
    before = settings["NAME"]
    settings["NAME"] = name
    settings["OPTIONS"]["assume_role"] = "coterm_web"
    yield
    connection.close()
    del settings["OPTIONS"]["assume_role"]
    settings["NAME"] = before


if __name__ == "__main__":
    django.setup()
    migrated_template(run=sys.argv[1], keep=False)
