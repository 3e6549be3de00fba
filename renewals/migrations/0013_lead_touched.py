"""The sweep looks again where a lead is named or falls away."""

from pathlib import Path

from django.db import migrations

from accounts.walls import sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("renewals", "0012_certificate_walls"), ("licences", "0012_end_walls")]
    operations = [
        sql_file(
            SQL / "leads.sql",
            undo="drop trigger reminders_lead_named on licences_lead; drop trigger reminders_lead_ended on licences_lead;"
            " drop function reminders_lead()",
        )
    ]
