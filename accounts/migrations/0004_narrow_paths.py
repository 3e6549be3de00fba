"""Joining by an open invitation alone; and what changing one's address deletes."""

from django.db import migrations

from accounts.walls import NOW, TOKEN, USER

OPEN = f"""select true from accounts_invitation i where i.token_hash = {TOKEN}
    and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > {NOW}"""
# The address is looked up among addresses: a policy on memberships that asks for people asks for itself.
INVITED = f"""({OPEN} and i.organisation_id = accounts_membership.organisation_id and i.role = accounts_membership.role
    and accounts_membership.user_id = {USER}
    and exists (select 1 from account_emailaddress a
        where a.user_id = {USER} and a.verified and lower(a.email) = lower(i.email)) limit 1)"""
INVITED_PERSON = f"({OPEN} and lower(i.email) = lower(accounts_user.email) limit 1)"
FORMER_MEMBER = """(select true from accounts_invitation i where i.token_hash =
    (select nullif(current_setting('app.token', true), '')) and i.accepted_at is null
    and i.organisation_id = accounts_membership.organisation_id and i.role = accounts_membership.role limit 1)"""
FORMER_PERSON = "lower(email) = (select nullif(current_setting('app.sign_in', true), ''))"
OWN_ADDRESS = f"(select true from account_emailaddress a where a.id = email_address_id and a.user_id = {USER})"


def policy(table: str, name: str, check: str) -> str:
    return (
        f"drop policy {name} on {table}; create policy {name} on {table} for insert to coterm_web with check ({check})"
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_letter_give_up")]
    operations = [
        migrations.RunSQL(
            policy("accounts_membership", "web_insert_3", INVITED),
            policy("accounts_membership", "web_insert_3", FORMER_MEMBER),
        ),
        migrations.RunSQL(
            policy("accounts_user", "web_insert_4", INVITED_PERSON),
            policy("accounts_user", "web_insert_4", FORMER_PERSON),
        ),
        migrations.RunSQL(
            "grant select, delete on account_emailconfirmation to coterm_web;"
            f" create policy web_own_select on account_emailconfirmation for select to coterm_web using ({OWN_ADDRESS});"
            f" create policy web_own_delete on account_emailconfirmation for delete to coterm_web using ({OWN_ADDRESS})",
            "drop policy web_own_select on account_emailconfirmation;"
            " drop policy web_own_delete on account_emailconfirmation;"
            " revoke all on account_emailconfirmation from coterm_web",
        ),
        # The composer of an invitation asks whether it is still open.
        migrations.RunSQL(
            "grant select on accounts_invitation to coterm_worker;"
            " create policy worker_select on accounts_invitation for select to coterm_worker using (true)",
            "drop policy worker_select on accounts_invitation; revoke all on accounts_invitation from coterm_worker",
        ),
    ]
