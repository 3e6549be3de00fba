"""Who sees what will not be renewed, who decides it and who proposes it; the sweep looks again when that changes."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, Policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
MINE = f"customer_id = {ORG}"
BY_ME = f"organisation_id = {ORG}"


def reached(level: int) -> str:
    return f"""(select v.access_level >= {level} and v.valid_until > {NOW} and v.customer_id = renewals_decision.customer_id
        from licences_visibility v where v.coverage_id = renewals_decision.coverage_id and v.organisation_id = {ORG})"""


WORKER: Policy = ("worker", "all", "true", "true")


class Migration(migrations.Migration):
    dependencies = [("renewals", "0019_decisions")]
    operations = [
        wall(
            "renewals_decision",
            web="select, insert, update",
            worker="select",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", reached(1), ""),
                ("web", "insert", "", f"{MINE} and {BY_ME}"),
                ("web", "insert", "", f"{BY_ME} and state = 'proposed' and {reached(2)}"),
                ("web", "update", MINE, MINE),
                ("web", "update", f"{BY_ME} and state = 'proposed'", f"{BY_ME} and state = 'taken_back'"),
                WORKER,
            ],
        ),
        sql_file(
            SQL / "decisions.sql",
            undo="drop trigger reminders_decided on renewals_decision; drop function reminders_decided()",
        ),
    ]
