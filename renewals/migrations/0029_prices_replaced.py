"""A version of prices can be replaced on its first day by another one."""

from pathlib import Path

from django.db import migrations, models

from accounts.walls import sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"
STATES = [("draft", "Draft"), ("published", "Published"), ("replaced", "Replaced")]


class Migration(migrations.Migration):
    dependencies = [("renewals", "0028_order_walls")]
    operations = [
        migrations.AlterField(
            model_name="priceschedule",
            name="state",
            field=models.CharField(choices=STATES, default="draft", max_length=10),
        ),
        sql_file(SQL / "replaced.sql"),
    ]
