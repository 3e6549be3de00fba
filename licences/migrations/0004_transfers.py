"""Transfers to a distributor."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.keys


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_distributor"),
        ("licences", "0003_import_details"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=accounts.keys.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Waiting for consent"),
                            ("consented", "Consented"),
                            ("delivered", "Delivered"),
                            ("receipted", "Received"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("purpose", models.CharField(max_length=300, verbose_name="purpose")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("company_fields", models.JSONField(default=list)),
                ("licence_fields", models.JSONField(default=list)),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="telephone of the contact")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                ("count", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                ("consented_by_id", models.UUIDField(null=True)),
                ("consented_at", models.DateTimeField(null=True)),
                ("sender", models.CharField(blank=True, max_length=200)),
                ("text_version", models.PositiveSmallIntegerField(null=True)),
                ("language", models.CharField(blank=True, max_length=5)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("valid_until", models.DateTimeField(null=True)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("receipted_by_id", models.UUIDField(null=True)),
                ("receipted_at", models.DateTimeField(null=True)),
                ("copies", models.PositiveIntegerField(default=0)),
                ("copied_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "advisor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "distributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TransferItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "transfer_id", "coverage_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "coverage",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="licences.coverage",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="licences.transfer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TransferSnapshot",
            fields=[
                (
                    "transfer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="snapshot",
                        serialize=False,
                        to="licences.transfer",
                    ),
                ),
                ("content", models.JSONField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["customer", "-id"], name="transfer_page"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["distributor", "-id"], name="transfer_inbox"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["advisor", "-id"], name="transfer_proposals"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("state__in", ["requested", "delivered"])),
                fields=["lapses_at"],
                name="transfer_lapses",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(fields=("customer", "id"), name="transfer_tenant"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer", models.F("distributor")), _negated=True), name="transfer_not_self"
            ),
        ),
        migrations.AddConstraint(
            model_name="transferitem",
            constraint=accounts.keys.TenantForeignKey(
                fields=["customer", "transfer"],
                name="item_transfer",
                on_delete="CASCADE",
                to="licences.Transfer",
                to_fields=["customer", "id"],
            ),
        ),
        migrations.AddConstraint(
            model_name="transferitem",
            constraint=accounts.keys.TenantForeignKey(
                fields=["customer", "coverage"],
                name="item_coverage",
                on_delete="CASCADE",
                to="licences.Coverage",
                to_fields=["customer", "id"],
            ),
        ),
        migrations.AddConstraint(
            model_name="transfersnapshot",
            constraint=accounts.keys.TenantForeignKey(
                fields=["customer", "transfer"],
                name="snapshot_transfer",
                on_delete="CASCADE",
                to="licences.Transfer",
                to_fields=["customer", "id"],
            ),
        ),
    ]
