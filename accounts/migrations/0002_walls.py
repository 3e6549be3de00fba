"""The clock, the rights and the policies of accounts and of the tables that sign-in needs."""

from pathlib import Path

from django.db import migrations

from accounts.walls import ORG, PROGRAMME, SIGN_IN, TOKEN, USER, open_table, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
SIGNED_IN = f"{USER} is not null"
MINE = f"organisation_id = {ORG}"
OWN = f"user_id = {USER}"
READABLE = (
    "id, kind, organisation_id, customer_id, recipient, user_id, language, due_at, state, attempts, subject, reason,"
    " ambiguous, sent_at, created_at"
)
INVITED = f"""(select true from accounts_invitation i where i.token_hash = {TOKEN} and i.accepted_at is null
    and i.organisation_id = accounts_membership.organisation_id and i.role = accounts_membership.role limit 1)"""
WORKER_ALL = ("worker", "all", "true", "true")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        sql_file(SQL / "clock.sql", undo="drop function coterm_now()"),
        # With TEMP a role could hang a definer trigger on a table of its own, and forge visibility.
        migrations.RunSQL(
            "do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("grant usage on schema public to coterm_web, coterm_worker", migrations.RunSQL.noop),
        wall(
            "accounts_invitation",
            web="select, insert, update",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", PROGRAMME, ""),
                ("web", "select", f"token_hash = {TOKEN}", ""),
                ("web", "insert", "", MINE),
                ("web", "insert", "", PROGRAMME),
                ("web", "update", MINE, MINE),
                ("web", "update", PROGRAMME, PROGRAMME),
                ("web", "update", f"token_hash = {TOKEN}", f"token_hash = {TOKEN}"),
            ],
        ),
        wall(
            "accounts_membership",
            web="select, insert, update, delete",
            worker="select",
            policies=[
                ("web", "select", OWN, ""),
                ("web", "select", MINE, ""),
                ("web", "select", PROGRAMME, ""),
                ("web", "insert", "", f"{INVITED}"),
                ("web", "update", MINE, MINE),
                ("web", "delete", MINE, ""),
                WORKER_ALL,
            ],
        ),
        wall(
            "accounts_organisation",
            web="select, insert, update",
            worker="select",
            policies=[
                ("web", "select", f"id = {ORG}", ""),
                ("web", "select", f"kind = 'advisor' and {SIGNED_IN}", ""),
                ("web", "select", PROGRAMME, ""),
                (
                    "web",
                    "select",
                    "(select true from accounts_membership m"
                    f" where m.organisation_id = accounts_organisation.id and m.user_id = {USER})",
                    "",
                ),
                (
                    "web",
                    "select",
                    "(select true from accounts_invitation i"
                    f" where i.organisation_id = accounts_organisation.id and i.token_hash = {TOKEN} limit 1)",
                    "",
                ),
                ("web", "insert", "", PROGRAMME),
                ("web", "update", f"id = {ORG}", f"id = {ORG}"),
                ("web", "update", PROGRAMME, PROGRAMME),
                WORKER_ALL,
            ],
        ),
        wall(
            "accounts_user",
            web="select, insert, update",
            worker="select",
            policies=[
                ("web", "select", f"id = {USER}", ""),
                ("web", "select", f"lower(email) = {SIGN_IN}", ""),
                ("web", "select", f"id::text = {SIGN_IN}", ""),
                (
                    "web",
                    "select",
                    "(select true from accounts_membership m where m.user_id = accounts_user.id limit 1)",
                    "",
                ),
                ("web", "insert", "", f"lower(email) = {SIGN_IN}"),
                ("web", "update", f"id = {USER}", f"id = {USER}"),
                WORKER_ALL,
            ],
        ),
        wall(
            "accounts_countrycontact",
            web="select, insert, update, delete",
            worker="select",
            policies=[
                ("web", "select", SIGNED_IN, ""),
                ("web", "insert", "", PROGRAMME),
                ("web", "update", PROGRAMME, PROGRAMME),
                ("web", "delete", PROGRAMME, ""),
                WORKER_ALL,
            ],
        ),
        wall(
            "accounts_auditentry",
            web="select, insert",
            worker="select, insert",
            policies=[
                ("web", "select", MINE, ""),
                (
                    "web",
                    "insert",
                    "",
                    f"actor_organisation_id is not distinct from {ORG} and actor_user_id is not distinct from {USER}",
                ),
                WORKER_ALL,
            ],
        ),
        wall(
            "accounts_auditseal",
            web="select",
            worker="select, insert",
            policies=[("web", "select", MINE, ""), WORKER_ALL],
        ),
        wall(
            "accounts_letter",
            web="insert",
            worker="select, insert, update",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", f"customer_id = {ORG}", ""),
                ("web", "insert", "", f"posted_by_id is not distinct from {ORG}"),
                WORKER_ALL,
            ],
        ),
        migrations.RunSQL(f"grant select ({READABLE}) on accounts_letter to coterm_web", migrations.RunSQL.noop),
        wall(
            "account_emailaddress",
            web="select, insert, update, delete",
            policies=[
                ("web", "select", OWN, ""),
                ("web", "select", f"lower(email) = {SIGN_IN}", ""),
                ("web", "select", f"user_id::text = {SIGN_IN}", ""),
                ("web", "insert", "", OWN),
                ("web", "update", OWN, OWN),
                ("web", "delete", OWN, ""),
            ],
        ),
        wall("account_emailconfirmation"),
        wall("mfa_authenticator", web="select, insert, update, delete", policies=[("web", "all", OWN, OWN)]),
        wall("usersessions_usersession", web="select, insert, update, delete", policies=[("web", "all", OWN, OWN)]),
        open_table("accounts_jobrun", worker="select, insert, update"),
        open_table("django_session", web="select, insert, update, delete", worker="select, delete"),
        *[
            open_table(table, worker="select")
            for table in (
                "django_content_type",
                "auth_permission",
                "auth_group",
                "auth_group_permissions",
                "django_migrations",
            )
        ],
    ]
