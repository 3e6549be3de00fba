"""The directory is open to everybody who is signed in; a firm and the programme write."""

from django.db import migrations

from accounts.walls import ORG, PROGRAMME, USER, Policy, wall

SIGNED_IN = f"{USER} is not null"


def written_by(column: str, change: str) -> list[Policy]:
    """Read by everybody, written by the firm that `column` names and by the programme."""
    policies: list[Policy] = [("web", "select", SIGNED_IN, ""), ("worker", "all", "true", "true")]
    for own in (f"{column} = {ORG}", PROGRAMME):
        policies += [("web", "insert", "", own), ("web", change, own, own if change == "update" else "")]
    return policies


class Migration(migrations.Migration):
    dependencies = [("advisors", "0001_initial"), ("accounts", "0002_walls")]
    operations = [
        wall(
            "advisors_firm",
            web="select, insert, update",
            worker="select",
            policies=written_by("organisation_id", "update"),
        ),
        wall(
            "advisors_firmword", web="select, insert, delete", worker="select", policies=written_by("firm_id", "delete")
        ),
        wall(
            "advisors_contact", web="select, insert, update", worker="select", policies=written_by("firm_id", "update")
        ),
    ]
