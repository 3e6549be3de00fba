"""Whether an installation is sound: roles, walls, migrations, visibility, books, jobs, mail and the broker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from typing import Any, cast

from django.core.cache import cache
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import SWEEP, JobRun, Letter
from accounts.querysets import database_now
from accounts.rules import LetterState
from accounts.services import seals
from interface.caches import SteadyCache
from licences.services import reviews, soundness

OPEN_TABLES = (
    "accounts_jobrun",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
)
LATE = {SWEEP: timedelta(minutes=5), seals.JOB: timedelta(minutes=5), reviews.JOB: timedelta(hours=1)}

ROLES = """
select rolname from pg_roles
where rolname in ('coterm_web', 'coterm_worker', 'coterm_owner') and (rolsuper or rolbypassrls)"""
BARE = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not (relname = any (%s))
  and not (relrowsecurity and relforcerowsecurity) order by relname"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `text` says what is wrong, or how it is."""

    name: str
    is_sound: bool
    text: str


def examine() -> Iterator[Finding]:
    """Everything in turn, as worker. A check that fails itself is a finding, and hides none of the others."""
    for name, check in CHECKS.items():
        try:
            faults, text = check()
        except Exception as problem:
            faults, text = [f"{type(problem).__name__}: {problem}"], ""
        yield Finding(name, not faults, "; ".join(faults[:10]) or text)


Result = tuple[list[str], str]
"""What is wrong, if anything; and what to say when nothing is."""


def column(sql: str, *params: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return [row[0] for row in cursor.fetchall()]


def roles() -> Result:
    return [f"{role} passes the walls" for role in column(ROLES)], "no role passes the walls"


def walls() -> Result:
    return [f"{table} has none" for table in column(BARE, list(OPEN_TABLES))], "forced on every table that needs one"


def migrations() -> Result:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration} waits" for migration, _ in plan], "all applied"


def visibility() -> Result:
    found = soundness.compare()
    return found.wrong, f"{found.compared} rows as granted"


def books() -> Result:
    found = seals.verify_audit()
    return found.broken, f"{found.sealed} entries sealed, {found.unsealed} not yet"


def jobs() -> Result:
    ran = {run.name: run.now - run.ran_at for run in JobRun.objects.annotate(now=database_now())}
    faults = [f"{name} has never run" for name in LATE if name not in ran]
    faults += [f"{name} ran {age} ago" for name, age in ran.items() if age > LATE.get(name, timedelta.max)]
    return faults, ", ".join(f"{name} {int(age.total_seconds())} s ago" for name, age in sorted(ran.items()))


def mail() -> Result:
    try:
        server = get_connection()
        server.open()
        server.close()
    except (OSError, SMTPException) as problem:
        return [f"the server cannot be reached: {problem}"], ""
    dead = Letter.objects.filter(state=LetterState.DEAD.value).count()
    return [], f"the server answers; {dead} letters could not be delivered"


def broker() -> Result:
    cache.set("doctor", "here", timeout=5)
    if cast(SteadyCache, cache).is_away():
        return ["Redis does not answer"], ""
    return [] if cache.get("doctor") == "here" else ["what is written is not read"], "answers"


CHECKS: dict[str, Callable[[], Result]] = {
    "roles": roles,
    "walls": walls,
    "migrations": migrations,
    "visibility": visibility,
    "audit": books,
    "jobs": jobs,
    "mail": mail,
    "broker": broker,
}
