"""Row-level security as migration operations: rights and policies stand side by side."""

from collections.abc import Iterable
from pathlib import Path

from django.db.migrations import RunSQL

ORG = "(select nullif(current_setting('app.organisation_id', true), '')::uuid)"
USER = "(select nullif(current_setting('app.user_id', true), '')::uuid)"
SIGN_IN = "(select nullif(current_setting('app.sign_in', true), ''))"
TOKEN = "(select nullif(current_setting('app.token', true), ''))"  # noqa: S105
PROGRAMME = "(select current_setting('app.role', true) = 'manager')"
NOW = "(select coterm_now())"

Policy = tuple[str, str, str, str]
"""(role, command, using, check): role `web` or `worker`; an empty string leaves a clause out."""


def wall(table: str, *, web: str = "", worker: str = "", policies: Iterable[Policy] = ()) -> RunSQL:
    """Force RLS on `table`. `web` and `worker` are the rights granted; the owner keeps every row by a policy.

    FORCE binds the owner too: without its policy a data migration would silently see nothing.
    """
    forward: list[str] = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy owner_all on {table} for all to coterm_owner using (true) with check (true)",
    ]
    backward = [
        f"drop policy owner_all on {table}",
        f"alter table {table} no force row level security",
        f"alter table {table} disable row level security",
    ]
    for role, rights in (("web", web), ("worker", worker)):
        if rights:
            forward.append(f"grant {rights} on {table} to coterm_{role}")
            backward.append(f"revoke all on {table} from coterm_{role}")
    for number, policy in enumerate(policies):
        forward.append(policy_sql(table, number, policy))
        backward.append(f"drop policy {policy[0]}_{policy[1]}_{number} on {table}")
    return RunSQL("; ".join(forward), "; ".join(backward))


def policy_sql(table: str, number: int, policy: Policy) -> str:
    """The statement that makes one policy of `wall`."""
    role, command, using, check = policy
    clauses = (f" using ({using})" if using else "") + (f" with check ({check})" if check else "")
    return f"create policy {role}_{command}_{number} on {table} for {command} to coterm_{role}{clauses}"


def extra_policy(table: str, name: str, *, using: str, command: str = "select") -> RunSQL:
    """One more policy of the web role, from an app above the table's own."""
    return RunSQL(
        f"create policy {name} on {table} for {command} to coterm_web using ({using})", f"drop policy {name} on {table}"
    )


def open_table(table: str, *, web: str = "select", worker: str = "") -> RunSQL:
    """A table of nobody's: rights without row-level security."""
    grants = [
        f"grant {rights} on {table} to coterm_{role}" for role, rights in (("web", web), ("worker", worker)) if rights
    ]
    return RunSQL("; ".join(grants), RunSQL.noop)


def sql_file(path: Path, *, undo: str = "") -> RunSQL:
    """Run a file of statements; `undo` reverses it."""
    return RunSQL(path.read_text(), undo or RunSQL.noop)
