"""Who sees a request for more access, and who may make and answer one."""

from django.db import migrations

from accounts.walls import NOW, ORG, wall

MINE = f"customer_id = {ORG}"
THEIRS = f"advisor_id = {ORG}"
HELPS = f"""(select s.valid_until > {NOW} from licences_customervisibility s
    where s.customer_id = licences_accessrequest.customer_id and s.organisation_id = {ORG})"""
IN_FORCE = f"""(select a.status = 'active' and a.advisor_id = {ORG} and a.customer_id = licences_accessrequest.customer_id
    from licences_assignment a where a.id = licences_accessrequest.assignment_id)"""


class Migration(migrations.Migration):
    dependencies = [("licences", "0007_accessrequest")]
    operations = [
        wall(
            "licences_accessrequest",
            web="select, insert, update",
            worker="select, update",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", f"{THEIRS} and {HELPS}", ""),
                ("web", "insert", "", f"{THEIRS} and answer = 'waiting' and {HELPS} and {IN_FORCE}"),
                ("web", "update", f"{MINE} and answer = 'waiting'", f"{MINE} and answer <> 'waiting'"),
                ("worker", "all", "true", "true"),
            ],
        ),
    ]
