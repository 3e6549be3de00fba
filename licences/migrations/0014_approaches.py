"""What firms ask of companies that may be customers, and the codes that customers hand out."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.keys


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_distributor"),
        ("advisors", "0003_word_position"),
        ("licences", "0013_term_cost"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="reply",
            field=models.TextField(blank=True, default="", max_length=500),
        ),
        migrations.AlterField(
            model_name="accessrequest",
            name="answer",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("granted", "Granted"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                    ("lapsed", "Lapsed"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="AccessCode",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.organisation",
                    ),
                ),
                ("code", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["code"], name="accesscode_code")],
            },
        ),
        migrations.CreateModel(
            name="Approach",
            fields=[
                (
                    "id",
                    models.UUIDField(default=accounts.keys.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("way", models.CharField(choices=[("domain", "E-mail domain"), ("code", "Code")], max_length=6)),
                ("target", models.CharField(max_length=253)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "View"), (2, "Quote"), (3, "Renew")], verbose_name="access level"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("selected", "Selected licences"), ("all", "All licences, future ones included")],
                        max_length=8,
                        verbose_name="scope",
                    ),
                ),
                ("message", models.TextField(blank=True, max_length=1000, verbose_name="message")),
                ("asked_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="advisors.contact",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="assignment",
            name="approach",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="licences.approach",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("status", "requested")), fields=["approach"], name="assignment_requested"
            ),
        ),
        migrations.AddIndex(
            model_name="approach",
            index=models.Index(fields=["advisor", "created_at", "id"], name="approach_page"),
        ),
        migrations.AddIndex(
            model_name="approach",
            index=models.Index(condition=models.Q(("looked_at", None)), fields=["created_at"], name="approach_new"),
        ),
        migrations.AddConstraint(
            model_name="approach",
            constraint=models.CheckConstraint(condition=models.Q(("level__in", [1, 2, 3])), name="approach_level"),
        ),
    ]
