"""A customer holds a row of visibility of each of its coverages, so one policy reads decisions for both sides."""

from django.db import migrations

ORG = "nullif(current_setting('app.organisation_id', true), '')::uuid"


class Migration(migrations.Migration):
    dependencies = [("renewals", "0020_decision_walls")]
    operations = [
        migrations.RunSQL(
            "drop policy web_select_0 on renewals_decision",
            f"create policy web_select_0 on renewals_decision for select to coterm_web using (customer_id = {ORG})",
        )
    ]
