"""Who reads and sets the policy of ends, who names a lead, and what a firm may change of its access."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, USER, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
ASSIGNMENT = "licences_assignment"
MINE = f"customer_id = {ORG}"
MEANT = f"advisor_id = {ORG}"
SHOWN = f"""(select v.valid_until > {NOW} from licences_visibility v
    where v.coverage_id = licences_lead.coverage_id and v.organisation_id = {ORG})"""
HELPS = f"""(select s.valid_until > {NOW} from licences_customervisibility s
    where s.customer_id = {ORG} and s.organisation_id = licences_lead.advisor_id)"""
FIRST = """insert into licences_accesspolicy (id, valid_from, default_months, longest_months, extend_months, notice_days,
    request_days, expiring_days, created_at)
    values (gen_random_uuid(), date '2000-01-01', 24, 24, 6, '{30,7,1}', 90, 30, now())"""


class Migration(migrations.Migration):
    dependencies = [("licences", "0011_ends_and_leads")]
    operations = [
        sql_file(
            SQL / "extensions.sql",
            undo=f"drop trigger assignment_kept_by_advisor on {ASSIGNMENT}; drop function assignment_kept_by_advisor()",
        ),
        migrations.RunSQL(
            f"alter policy web_resign on {ASSIGNMENT} with check ({MEANT} and status in ('active', 'suspended', 'resigned'))",
            f"alter policy web_resign on {ASSIGNMENT} with check ({MEANT} and status = 'resigned')",
        ),
        wall(
            "licences_accesspolicy",
            web="select, insert, delete",
            worker="select",
            policies=[
                ("web", "select", f"{USER} is not null", ""),
                ("web", "insert", "", PROGRAMME),
                ("web", "delete", f"{PROGRAMME} and valid_from > {NOW}::date", ""),
                ("worker", "all", "true", "true"),
            ],
        ),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        wall(
            "licences_lead",
            web="select, insert, update",
            worker="select, update",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", f"advisor_id = {ORG} and ended_at is null and {SHOWN}", ""),
                ("web", "insert", "", f"{MINE} and {HELPS}"),
                ("web", "update", MINE, MINE),
                ("worker", "all", "true", "true"),
            ],
        ),
        sql_file(
            SQL / "leads.sql",
            undo="drop trigger lead_fell_away on licences_visibility; drop function lead_fell_away()",
        ),
    ]
