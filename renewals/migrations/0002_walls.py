"""The policies of the ledger, of notes and of saved views."""

from django.db import migrations

from accounts.walls import ORG, Policy, wall

OWN = f"organisation_id = {ORG}"
OWN_ROWS: list[Policy] = [("web", "all", OWN, OWN)]


class Migration(migrations.Migration):
    dependencies = [("renewals", "0001_initial"), ("licences", "0002_walls")]
    operations = [
        wall(
            "renewals_reminder",
            web="select",
            worker="select, insert, update",
            policies=[
                ("web", "select", f"customer_id = {ORG}", ""),
                ("web", "select", OWN, ""),
                ("worker", "all", "true", "true"),
            ],
        ),
        wall("renewals_customernote", web="select, insert, update, delete", policies=OWN_ROWS),
        wall("renewals_savedview", web="select, insert, update, delete", policies=OWN_ROWS),
    ]
