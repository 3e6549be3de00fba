"""Mail that can be paused; letters that people may try again or withdraw, and nothing more."""

from pathlib import Path

from django.db import migrations, models

from accounts.walls import ORG, PROGRAMME, USER, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
UNDO = """drop trigger letter_moved on accounts_letter; drop function letter_moved();
drop function coterm_database()"""
OURS = f"(organisation_id = {ORG} or customer_id = {ORG})"
# A manager reads what is in trouble or waits, not what customers were told: a policy may see the row that it leaves.
UNSENT = "state in ('pending', 'sending', 'dead', 'cancelled')"
POLICIES = f"""
create policy web_retry on accounts_letter for update to coterm_web
    using (state = 'dead' and kind = 'reminders' and {OURS}) with check (state = 'pending' and {OURS});
create policy web_withdraw on accounts_letter for update to coterm_web
    using (state = 'pending' and kind = 'reminders' and organisation_id = {ORG})
    with check (state = 'cancelled' and organisation_id = {ORG});
create policy web_tend on accounts_letter for update to coterm_web
    using (state in ('pending', 'dead') and {PROGRAMME}) with check (state in ('pending', 'cancelled') and {PROGRAMME});
create policy web_queue on accounts_letter for select to coterm_web using ({UNSENT} and {PROGRAMME});
grant update (state) on accounts_letter to coterm_web"""
UNDO_POLICIES = """revoke update (state) on accounts_letter from coterm_web;
drop policy web_retry on accounts_letter; drop policy web_withdraw on accounts_letter;
drop policy web_tend on accounts_letter; drop policy web_queue on accounts_letter"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_history")]
    operations = [
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("paused_at", models.DateTimeField(null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[("operator", "By the programme"), ("restored", "Restored from a backup")],
                        max_length=10,
                    ),
                ),
                ("database", models.CharField(blank=True, max_length=80)),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="sending_once")]},
        ),
        migrations.RunSQL(
            "insert into accounts_sending (id, why, database) values (1, '', '')", migrations.RunSQL.noop
        ),
        wall(
            "accounts_sending",
            web="select, update (paused_at, why)",
            worker="select, update",
            policies=[
                ("web", "select", f"{USER} is not null", ""),
                ("web", "update", PROGRAMME, PROGRAMME),
                ("worker", "all", "true", "true"),
            ],
        ),
        sql_file(SQL / "sending.sql", undo=UNDO),
        migrations.RunSQL(POLICIES, UNDO_POLICIES),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["-id"], condition=models.Q(("state", "dead")), name="letter_dead"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["sent_at"], condition=models.Q(("sent_at__isnull", False)), name="letter_sent"),
        ),
    ]
