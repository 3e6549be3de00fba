"""Who reads the supplier form: whoever is signed in. Who writes versions: the programme's managers."""

from django.db import migrations

from accounts.walls import ORG, PROGRAMME, USER, wall


class Migration(migrations.Migration):
    dependencies = [("renewals", "0014_suppliers")]
    operations = [
        wall(
            "renewals_supplierdetails",
            web="select, insert",
            policies=[
                ("web", "select", f"{USER} is not null", ""),
                ("web", "insert", "", f"organisation_id = {ORG} and {PROGRAMME}"),
            ],
        ),
    ]
