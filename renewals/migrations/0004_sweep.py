"""What the sweep works from: the walls of mutes, and the triggers that name the customers to look at again."""

from pathlib import Path

from django.db import migrations

from accounts.walls import USER, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
# A signed link names its reader like a session does; a contact's mutes are its user's too.
MINE = f"recipient_id = {USER}"
AS_CONTACT = (
    f"(select true from advisors_contact k where k.id = renewals_mute.recipient_id and k.user_id = {USER} limit 1)"
)


class Migration(migrations.Migration):
    dependencies = [("renewals", "0003_mute_touched")]
    operations = [
        wall(
            "renewals_mute",
            web="select, insert, delete",
            worker="select",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", AS_CONTACT, ""),
                ("web", "insert", "", MINE),
                ("web", "delete", MINE, ""),
                ("web", "delete", AS_CONTACT, ""),
                ("worker", "select", "true", ""),
            ],
        ),
        wall("renewals_touched", worker="select, delete", policies=[("worker", "all", "true", "true")]),
        sql_file(SQL / "touched.sql"),
    ]
