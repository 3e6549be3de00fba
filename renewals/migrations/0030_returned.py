"""The sweep looks again where mail comes back; a reader who stands in for another is told so."""

from pathlib import Path

from django.db import migrations, models

from accounts.walls import sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"
UNDO = """
drop function reminders_address() cascade;
drop function reminders_person() cascade;
drop function reminders_read_by(uuid[], uuid[]);
drop trigger reminders_contact_left on advisors_contact;
create trigger reminders_contact_left after update on advisors_contact
    for each row when (old.left_on is distinct from new.left_on) execute function reminders_contact();
alter table renewals_reminderwindow reset (autovacuum_analyze_threshold);
alter table renewals_reminderrule reset (autovacuum_analyze_threshold)"""


class Migration(migrations.Migration):
    dependencies = [("renewals", "0029_prices_replaced"), ("accounts", "0011_returns")]
    operations = [
        sql_file(SQL / "returns.sql", undo=UNDO),
        # What overtakes a reminder that still waits finds it by both.
        migrations.RemoveIndex("reminder", "reminder_waiting"),
        migrations.AddIndex(
            "reminder",
            models.Index(
                condition=models.Q(("state", "pending")), fields=["recipient_id", "coverage"], name="reminder_waiting"
            ),
        ),
    ]
