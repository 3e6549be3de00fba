"""Managers mend the queue without reading the addresses and subjects of other people's letters."""

from pathlib import Path

from django.db import migrations, models

import accounts.keys
from accounts.walls import PROGRAMME, sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"
UNSENT = "state in ('pending', 'sending', 'dead', 'cancelled')"
STATES = [
    ("pending", "Waiting"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("cancelled", "Cancelled"),
    ("dead", "Not delivered"),
    ("delivered", "Delivered"),
    ("bounced", "Came back"),
    ("complained", "Reported as unwanted"),
]
UNDO = f"""drop view accounts_queue;
create policy web_tend on accounts_letter for update to coterm_web
    using (state in ('pending', 'dead') and {PROGRAMME}) with check (state in ('pending', 'cancelled') and {PROGRAMME});
create policy web_queue on accounts_letter for select to coterm_web using ({UNSENT} and {PROGRAMME})"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_rate")]
    operations = [
        sql_file(SQL / "queue.sql", undo=UNDO),
        migrations.CreateModel(
            name="Queued",
            fields=[
                (
                    "id",
                    models.UUIDField(default=accounts.keys.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=40)),
                ("customer_id", models.UUIDField(null=True)),
                ("address", models.TextField()),
                ("state", models.CharField(choices=STATES, max_length=10)),
                ("reason", models.TextField()),
                ("attempts", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("ambiguous", models.BooleanField()),
            ],
            options={"db_table": "accounts_queue", "managed": False},
        ),
    ]
