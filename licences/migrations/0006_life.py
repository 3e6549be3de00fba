"""Pauses and resignations: who paused, what an advisor sees and may write, and no way back from an end."""

from pathlib import Path

from django.db import migrations, models

from accounts.walls import ORG, sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"
TABLE = "licences_assignment"
MINE = f"advisor_id = {ORG}"
BEFORE = "status not in ('draft', 'discarded')"
KNOWN = "status in ('active', 'suspended', 'expired', 'revoked', 'resigned')"


def advisors_rows(rows: str) -> str:
    return f"create policy web_select_5 on {TABLE} for select to coterm_web using ({MINE} and {rows})"


class Migration(migrations.Migration):
    dependencies = [("licences", "0005_transfer_walls")]
    operations = [
        migrations.AddField(
            "assignment",
            "suspended_by",
            models.CharField(
                blank=True, choices=[("customer", "Customer"), ("programme", "Programme")], default="", max_length=10
            ),
        ),
        sql_file(
            SQL / "assignments.sql",
            undo=f"drop trigger assignment_guarded on {TABLE}; drop function assignment_guarded()",
        ),
        # What was only asked for tells the firm nothing: not even that there is such a customer.
        migrations.RunSQL(
            f"drop policy web_select_5 on {TABLE}; {advisors_rows(KNOWN)}",
            f"drop policy web_select_5 on {TABLE}; {advisors_rows(BEFORE)}",
        ),
        migrations.RunSQL(
            f"create policy web_resign on {TABLE} for update to coterm_web"
            f" using ({MINE} and status in ('active', 'suspended')) with check ({MINE} and status = 'resigned')",
            f"drop policy web_resign on {TABLE}",
        ),
    ]
