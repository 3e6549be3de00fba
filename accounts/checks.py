"""The application refuses to run as a database role that row-level security does not bind."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CHECKED: set[tuple[str, str]] = set()
QUESTION = """
select session_user, current_user, bool_or(rolsuper), bool_or(rolbypassrls),
       exists (select 1 from pg_class c where c.relnamespace = 'public'::regnamespace
               and pg_has_role(session_user, c.relowner, 'MEMBER')),
       exists (select 1 from pg_roles r where r.rolname in ('coterm_owner', 'coterm_worker', 'coterm_web')
               and r.rolname <> session_user and pg_has_role(session_user, r.oid, 'MEMBER'))
from pg_roles where rolname in (session_user, current_user)"""


def refuse_wrong_role(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Raise ImproperlyConfigured on the first connection of a process whose role is not the expected one.

    A system check would not do: gunicorn does not run them.
    """
    login = (connection.alias, str(connection.settings_dict["USER"]))
    if settings.DATABASE_ROLE == "owner" or login in CHECKED:
        return
    with connection.cursor() as cursor:
        cursor.execute(QUESTION)
        session, role, superuser, bypass, owns, member = cursor.fetchone()
    expected = f"coterm_{settings.DATABASE_ROLE}"
    if superuser or bypass or owns or member or role != expected:
        connection.close()
        raise ImproperlyConfigured(
            f"Refusing to run as database role {session!r}: superuser={superuser} bypassrls={bypass} owner={owns} "
            f"member of another role={member}; expected {expected}. See docs/operating.md, Roles."
        )
    CHECKED.add(login)
