"""The policies of rules and silences, and the triggers that tell the sweep of them."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, USER, Policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
UNDO = "drop function reminders_silence() cascade; drop function reminders_windows() cascade"
OWN, MINE = f"customer_id = {ORG}", f"recipient_id = {USER}"
OUR = f"organisation_id = {ORG}"
# As long as the firm sees the coverage; what is silent for everybody tells its advisors why they are not written to.
SEEN = (
    f"(select v.valid_until > {NOW} from licences_visibility v where v.coverage_id = renewals_silence.coverage_id"
    f" and v.organisation_id = {ORG})"
)
AS_CONTACT = (
    f"(select true from advisors_contact k where k.id = renewals_silence.recipient_id and k.user_id = {USER} limit 1)"
)
GENERAL = "customer_id is null"
KEPT = f"{GENERAL} and {PROGRAMME}"


def rules(table: str) -> list[Policy]:
    """The programme keeps the general ones, a customer its own; whoever may see a customer knows when it is told."""
    related = (
        f"(select true from licences_customervisibility s where s.customer_id = {table}.customer_id"
        f" and s.organisation_id = {ORG} and s.valid_until > {NOW} limit 1)"
    )
    return [
        ("web", "select", f"{GENERAL} and {USER} is not null", ""),
        ("web", "select", OWN, ""),
        ("web", "select", related, ""),
        ("web", "insert", "", KEPT),
        ("web", "insert", "", OWN),
        ("web", "update", KEPT, KEPT),
        ("web", "update", OWN, OWN),
        ("web", "delete", KEPT, ""),
        ("web", "delete", OWN, ""),
        ("worker", "all", "true", "true"),
    ]


class Migration(migrations.Migration):
    dependencies = [("renewals", "0017_rules_and_silences"), ("licences", "0012_end_walls")]
    operations = [
        wall(
            "renewals_reminderrule",
            web="select, insert, update, delete",
            worker="select, insert",
            policies=rules("renewals_reminderrule"),
        ),
        wall(
            "renewals_reminderwindow",
            web="select, insert, delete",
            worker="select, insert, delete",
            policies=[each for each in rules("renewals_reminderwindow") if each[1] != "update"],
        ),
        wall(
            "renewals_silence",
            web="select, insert, delete",
            worker="select, delete",
            policies=[
                ("web", "select", OWN, ""),
                ("web", "select", MINE, ""),
                ("web", "select", AS_CONTACT, ""),
                ("web", "select", f"{OUR} and {SEEN}", ""),
                ("web", "select", f"organisation_id is null and recipient_id is null and {SEEN}", ""),
                ("web", "insert", "", OWN),
                ("web", "insert", "", MINE),
                ("web", "insert", "", f"{OUR} and {SEEN}"),
                ("web", "delete", OWN, ""),
                ("web", "delete", MINE, ""),
                ("web", "delete", AS_CONTACT, ""),
                ("web", "delete", f"{OUR} and {SEEN}", ""),
                ("worker", "all", "true", "true"),
            ],
        ),
        sql_file(SQL / "silences.sql", undo=UNDO),
    ]
