"""Distributors are part of the directory, and the programme certifies them."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.walls import PROGRAMME, USER, wall

SIGNED_IN = f"{USER} is not null"


def known(kinds: str) -> str:
    return f"alter policy web_select_1 on accounts_organisation using (kind in ({kinds}) and {SIGNED_IN})"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_programme_known")]
    operations = [
        migrations.CreateModel(
            name="Distributor",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="distributor",
                        serialize=False,
                        to="accounts.organisation",
                    ),
                ),
                ("certified_until", models.DateField(blank=True, null=True, verbose_name="certified until")),
            ],
        ),
        wall(
            "accounts_distributor",
            web="select, insert, update",
            worker="select",
            policies=[
                ("web", "select", SIGNED_IN, ""),
                ("web", "insert", "", PROGRAMME),
                ("web", "update", PROGRAMME, PROGRAMME),
                ("worker", "all", "true", "true"),
            ],
        ),
        migrations.RunSQL(known("'advisor', 'distributor', 'programme'"), known("'advisor', 'programme'")),
    ]
