"""The three roles of the database: the owner migrates, web serves requests, the worker sends and sweeps.

On a server of one's own, as its administrator:  python -m config.embedded.roles postgres://…/postgres
"""

import secrets
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier, Literal

DATABASE = "coterm"
OWNER, WEB, WORKER = "coterm_owner", "coterm_web", "coterm_worker"
ROLES = (OWNER, WEB, WORKER)
VARIABLES = {"DATABASE_URL": WEB, "DATABASE_WORKER_URL": WORKER, "DATABASE_OWNER_URL": OWNER}


def make_roles(admin: psycopg.Connection, passwords: Mapping[str, str], *, hats: bool) -> None:
    """Makes the roles, or gives them these passwords. `hats`: the owner may act as the others, which tests need."""
    for role in ROLES:
        if admin.execute("select from pg_roles where rolname = %s", [role]).fetchone() is None:
            admin.execute(SQL("create role {}").format(Identifier(role)))
        admin.execute(
            SQL("alter role {} login nosuperuser nobypassrls nocreaterole {} {} password {}").format(
                Identifier(role),
                # PostgreSQL 15 lets a NOINHERIT owner make no table: its right comes by way of pg_database_owner.
                SQL("inherit" if role == OWNER else "noinherit"),
                SQL("createdb" if role == OWNER and hats else "nocreatedb"),
                Literal(scrambled(admin, role, passwords[role])),
            )
        )
    if hats:
        admin.execute(SQL("grant {}, {} to {}").format(*map(Identifier, (WEB, WORKER, OWNER))) + membership(admin))


def scrambled(admin: psycopg.Connection, role: str, password: str) -> str:
    """What the server keeps of a password; so the password itself never stands in one of its logs."""
    return admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()


def membership(admin: psycopg.Connection) -> SQL:
    """Before PostgreSQL 16 a membership has no options: the owner inherits rights that it has anyway."""
    modern = admin.info.server_version >= 160000
    return SQL(" with inherit false, set true" if modern else "")


def make_database(admin: psycopg.Connection, name: str) -> None:
    """Makes the owner's database; without TEMP, nobody can hang a definer trigger on a table of their own."""
    if admin.execute("select from pg_database where datname = %s", [name]).fetchone() is None:
        admin.execute(
            SQL("create database {} owner {} encoding 'UTF8' template template0").format(
                Identifier(name), Identifier(OWNER)
            )
        )
    admin.execute(SQL("revoke all on database {} from public").format(Identifier(name)))
    admin.execute(SQL("grant connect on database {} to {}, {}").format(*map(Identifier, (name, WEB, WORKER))))


def main(admin_url: str) -> None:
    """Prints the three URLs, with new passwords, for .env."""
    passwords = {role: secrets.token_urlsafe(32) for role in ROLES}
    with psycopg.connect(admin_url, autocommit=True) as admin:
        make_roles(admin, passwords, hats="--tests" in sys.argv)
        make_database(admin, DATABASE)
        folder_or_host = admin.info.host
    for variable, role in VARIABLES.items():
        print(f"{variable}=postgres://{role}:{passwords[role]}@{place(folder_or_host, admin_url)}/{DATABASE}")


def place(host: str, admin_url: str) -> str:
    """A socket's folder stands after the host's place, as django-environ wants it."""
    port = urlsplit(admin_url).port
    return f"/{host}" if host.startswith("/") else f"{host}:{port or 5432}"


if __name__ == "__main__":
    main(sys.argv[1])
