"""What the database itself says about its walls: an empty answer to each question, or a written exception."""

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.hats import database_role

pytestmark = pytest.mark.django_db

# Nobody's tables: sessions are keyed by a secret, the rest holds no tenant's rows.
OPEN = {
    "django_session",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "django_migrations",
    "accounts_jobrun",
}
# Unique keys without the tenant: addresses and slugs are the programme's, keys of letters hold their own ids.
UNIQUE_ON_PURPOSE = {"accounts_letter_key_key"}
# A view that asks itself who looks, and shows less than its table: tests/tenancy/test_queue.py.
VIEWS_ON_PURPOSE = {"accounts_queue"}
DEFINERS = (
    "coterm_refresh|coterm_refresh_customers|coterm_refresh_assignments|coterm_refresh_support|coterm_lock_customers|"
    "coverage_(added|changed|removed)|assignment_(added|changed|removed)|picked_(added|removed)|customer_zone_changed|"
    "support_(added|changed|removed)|"
    "certificate_(superseded|renamed)|lead_fell_away|"
    "reminders_(visibility|membership|assignment|contact|zone|unmuted|lead|held|decided|silence|windows|address|person)"
)
# What web may ask though a definer answers: judged in test_names.py.
ASKED = "coterm_names_of_actors"
HOME = "relnamespace = 'public'::regnamespace"
GRANTS = "from information_schema.role_table_grants where grantee in ('coterm_web', 'coterm_worker', 'PUBLIC')"
TENANT = "attname in ('customer_id', 'organisation_id')"

QUESTIONS = {
    "table without forced row-level security": f"""
        select relname from pg_class where {HOME} and relkind in ('r', 'p')
        and not (relrowsecurity and relforcerowsecurity)""",
    "view with its owner's rights, or a materialised one": f"""
        select relname from pg_class where {HOME} and (relkind = 'm' or relkind = 'v'
        and not coalesce(reloptions::text ~ 'security_invoker=(true|on)', false))""",
    "definer function outside the list, or without its search_path": f"""
        select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
        and (proname !~ '^({DEFINERS}|{ASKED})$'
            or not coalesce(proconfig::text like '%search_path=pg_catalog%', false))""",
    "definer function that others may call or attach": f"""
        select proname from pg_proc, unnest(array['coterm_web', 'coterm_worker']) role
        where pronamespace = 'public'::regnamespace and prosecdef and has_function_privilege(role, oid, 'execute')
        and not (proname = '{ASKED}' and role = 'coterm_web')""",
    "role that bypasses the walls": """
        select rolname from pg_roles where rolname in ('coterm_web', 'coterm_worker', 'coterm_owner')
        and (rolsuper or rolbypassrls or rolcreaterole)""",
    "web or worker in another role": """
        select roleid::regrole::text from pg_auth_members
        where member::regrole::text in ('coterm_web', 'coterm_worker')""",
    "right that ignores policies": f"select table_name {GRANTS} and table_schema = 'public'"
    " and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')",
    "writable visibility": f"select table_name {GRANTS} and table_name ~ 'visibility$' and privilege_type <> 'SELECT'",
    "editable tick": f"select table_name {GRANTS} and table_name ~ '_(selection|exclusion)$'"
    " and privilege_type = 'UPDATE'",
    "editable audit": f"select table_name {GRANTS} and table_name ~ 'audit' and privilege_type in ('UPDATE', 'DELETE')",
    "right to make temporary tables or objects": """
        select role from unnest(array['coterm_web', 'coterm_worker']) role
        where has_database_privilege(role, current_database(), 'TEMP')
        or has_schema_privilege(role, 'public', 'CREATE')""",
    "foreign key between tenants' tables without the tenant": f"""
        select conname from pg_constraint k where contype = 'f'
        and exists (select 1 from pg_attribute where attrelid = conrelid and attname = 'customer_id')
        and exists (select 1 from pg_attribute where attrelid = confrelid and attname = 'customer_id' and attnotnull)
        and not exists (select 1 from pg_attribute where attrelid = conrelid and attnum = any (conkey) and {TENANT})""",
    "unique key without the tenant": f"""
        select indexrelid::regclass::text from pg_index i where indisunique and not indisprimary
        and exists (select 1 from pg_attribute where attrelid = indrelid and {TENANT})
        and not exists (select 1 from pg_attribute where attrelid = indrelid and attnum = any (indkey) and {TENANT})""",
    "policy of web for every row": """
        select tablename from pg_policies where 'coterm_web' = any (roles) and 'true' in (qual, with_check)""",
    "letter's secret that web may read": """
        select column_name from information_schema.column_privileges where grantee = 'coterm_web'
        and table_name = 'accounts_letter' and privilege_type = 'SELECT'
        and column_name in ('context', 'frozen', 'key')""",
}


@pytest.mark.parametrize("what", QUESTIONS)
def test_the_database_has_no(what):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(QUESTIONS[what])
        assert {row[0] for row in cursor.fetchall()} - OPEN - UNIQUE_ON_PURPOSE - VIEWS_ON_PURPOSE == set()


@pytest.mark.parametrize(
    "hole",
    [
        "create table planted (id int, customer_id uuid)",
        "create view planted as select * from licences_coverage",
        "create materialized view planted as select * from licences_coverage",
        "create function planted() returns int language sql security definer as 'select 1'",
        "grant truncate on licences_coverage to coterm_web",
        "grant update on accounts_auditentry to coterm_worker",
        "grant insert on licences_visibility to coterm_web",
        "create policy planted on licences_coverage to coterm_web using (true)",
        "alter table licences_coverage no force row level security",
        "create unique index planted on licences_licence (serial)",
        "grant select (context) on accounts_letter to coterm_web",
    ],
)
def test_the_catalogue_notices(hole):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(hole)
    with pytest.raises(AssertionError):
        for what in QUESTIONS:
            test_the_database_has_no(what)


def test_web_cannot_hang_a_definer_trigger_on_a_table_of_its_own():
    refused = pytest.raises(ProgrammingError, match="permission denied to create temporary tables")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("create temporary table forged (like licences_coverage)")
