"""Requests for more access."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.keys


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_distributor"),
        ("licences", "0006_life"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=accounts.keys.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "View"), (2, "Quote"), (3, "Renew")], verbose_name="access level"
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="ends on")),
                ("message", models.TextField(blank=True, max_length=1000, verbose_name="message")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("granted", "Granted"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="licences.assignment",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "answer", "created_at"], name="accessrequest_waiting"),
                    models.Index(
                        condition=models.Q(("answer", "waiting")), fields=["created_at"], name="accessrequest_lapses"
                    ),
                ],
                "constraints": [
                    accounts.keys.TenantForeignKey(
                        fields=["customer", "assignment"],
                        name="accessrequest_assignment",
                        on_delete="CASCADE",
                        to="licences.Assignment",
                        to_fields=["customer", "id"],
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "waiting")),
                        fields=("customer", "assignment"),
                        name="accessrequest_one_waiting",
                    ),
                    models.CheckConstraint(condition=models.Q(("level__in", [1, 2, 3])), name="accessrequest_level"),
                ],
            },
        ),
    ]
