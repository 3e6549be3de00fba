"""Support access."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.keys


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_distributor"),
        ("licences", "0008_request_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupportAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(default=accounts.keys.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("ends_on", models.DateField(verbose_name="ends on")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "-id"], name="supportaccess_customer"),
                    models.Index(fields=["programme", "-id"], name="supportaccess_programme"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("customer",), name="supportaccess_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("customer", models.F("programme")), _negated=True),
                        name="supportaccess_not_self",
                    ),
                ],
            },
        ),
    ]
