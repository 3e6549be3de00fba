"""The sweep looks again where an order holds a coverage no longer."""

from pathlib import Path

from django.db import migrations

from accounts.walls import sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("renewals", "0015_supplier_walls")]
    operations = [
        sql_file(
            SQL / "held.sql",
            undo="drop trigger reminders_held on renewals_quoteline; drop function reminders_held()",
        )
    ]
