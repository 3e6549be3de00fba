"""Who opens support access, who sees it, and how visibility follows from it."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, extra_policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
MINE = f"customer_id = {ORG}"
TO_PROGRAMME = "(select o.kind = 'programme' from accounts_organisation o where o.id = programme_id)"
LOOKS = f"""(select s.valid_until > {NOW} from licences_customervisibility s
    where s.customer_id = licences_assignment.customer_id and s.organisation_id = {ORG})"""
KNOWN = "status in ('active', 'suspended', 'expired', 'revoked', 'resigned')"


class Migration(migrations.Migration):
    dependencies = [("licences", "0009_support")]
    operations = [
        sql_file(SQL / "support.sql"),
        wall(
            "licences_supportaccess",
            web="select, insert, update",
            worker="select, update",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", f"programme_id = {ORG}", ""),
                ("web", "insert", "", f"{MINE} and ended_at is null and {TO_PROGRAMME}"),
                ("web", "update", f"{MINE} and ended_at is null", f"{MINE} and {TO_PROGRAMME}"),
                ("worker", "all", "true", "true"),
            ],
        ),
        extra_policy("licences_assignment", "web_support", using=f"{KNOWN} and {PROGRAMME} and {LOOKS}"),
    ]
