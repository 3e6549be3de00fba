"""What comes back: addresses that get no reminders any more, and what providers tell of a mail."""

from typing import Any

from django.db import migrations, models

import accounts.keys
from accounts.walls import ORG, USER, wall

NOBODY = f"{USER} is null and {ORG} is null"
OWN = f"u.id = {USER}"
TEAM = f"exists (select from accounts_membership m where m.user_id = u.id and m.organisation_id = {ORG})"
OF = "exists (select from accounts_user u where lower(u.email) = accounts_suppression.address and ({}))"
# Whoever complained decides alone whether to be written to again.
LIFTED = f"{OWN} or accounts_suppression.why <> 'complained' and {TEAM}"
FATES = [("refused", "Refused by the mail server"), ("bounced", "Came back"), ("complained", "Reported as unwanted")]
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


def key() -> Any:
    return models.UUIDField(default=accounts.keys.new_id, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_sending")]
    operations = [
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", key()),
                ("address", models.EmailField(max_length=254, unique=True)),
                ("why", models.CharField(choices=FATES, max_length=10)),
                ("is_gone", models.BooleanField(default=False)),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MailEvent",
            fields=[
                ("id", key()),
                ("provider_id", models.CharField(max_length=250)),
                ("state", models.CharField(max_length=10)),
                ("is_gone", models.BooleanField(default=False)),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        wall(
            "accounts_suppression",
            web="select, delete",
            worker="select, insert, update",
            policies=[
                ("web", "select", OF.format(f"{OWN} or {TEAM}"), ""),
                ("web", "delete", OF.format(LIFTED), ""),
                ("worker", "all", "true", "true"),
            ],
        ),
        # A provider is nobody: it may say something, and read nothing.
        wall(
            "accounts_mailevent",
            web="insert",
            worker="select, delete",
            policies=[("web", "insert", "", NOBODY), ("worker", "all", "true", "true")],
        ),
        migrations.AlterField(
            model_name="letter",
            name="state",
            field=models.CharField(choices=STATES, default="pending", max_length=10),
        ),
        migrations.AddField(
            model_name="letter",
            name="provider_id",
            field=models.CharField(blank=True, default="", max_length=250),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                fields=["provider_id"],
                condition=models.Q(("provider_id", ""), _negated=True),
                name="letter_provider",
            ),
        ),
    ]
