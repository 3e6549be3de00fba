"""A firm no longer reads what another firm proposes, and "will not be renewed" is a decision and nothing else."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"
REACHED = f"""(select v.access_level >= 1 and v.valid_until > {NOW} and v.customer_id = renewals_decision.customer_id
    from licences_visibility v where v.coverage_id = renewals_decision.coverage_id and v.organisation_id = {ORG})"""
SPOKEN = f"(customer_id = {ORG} or organisation_id in (customer_id, {ORG}))"


class Migration(migrations.Migration):
    dependencies = [("renewals", "0024_one_proposal_a_firm")]
    operations = [
        migrations.RunSQL(
            f"alter policy web_select_1 on renewals_decision using ({SPOKEN} and {REACHED})",
            f"alter policy web_select_1 on renewals_decision using ({REACHED})",
        ),
        sql_file(SQL / "forgone.sql"),
    ]
