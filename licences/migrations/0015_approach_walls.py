"""A firm reads its own approaches alone, and of what came of them only what a customer let it know."""

from django.db import migrations

from accounts.walls import ORG, wall

TABLE = "licences_assignment"
MINE = f"customer_id = {ORG}"
FIRMS = f"advisor_id = {ORG}"
WORKER_ALL = ("worker", "all", "true", "true")
KNOWN = "status in ('active', 'suspended', 'expired', 'revoked', 'resigned')"
ANSWERED = f"({KNOWN} or status = 'declined' and reply <> '')"
ASKED_BY = f"""(select true from licences_assignment a where a.approach_id = licences_approach.id
    and a.customer_id = {ORG} limit 1)"""


def advisors_rows(rows: str) -> str:
    return (
        f"drop policy web_select_5 on {TABLE};"
        f" create policy web_select_5 on {TABLE} for select to coterm_web using ({FIRMS} and {rows})"
    )


class Migration(migrations.Migration):
    dependencies = [("licences", "0014_approaches")]
    operations = [
        wall(
            "licences_approach",
            web="select, insert, update",
            worker="select, update (looked_at)",
            policies=[
                ("web", "select", FIRMS, ""),
                ("web", "select", ASKED_BY, ""),
                ("web", "insert", "", f"{FIRMS} and looked_at is null and withdrawn_at is null"),
                ("web", "update", f"{FIRMS} and withdrawn_at is null", f"{FIRMS} and withdrawn_at is not null"),
                WORKER_ALL,
            ],
        ),
        wall(
            "licences_accesscode",
            web="select, insert, update, delete",
            worker="select",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "insert", "", MINE),
                ("web", "update", MINE, MINE),
                ("web", "delete", MINE, ""),
                WORKER_ALL,
            ],
        ),
        # The worker writes down what a firm asks of a customer; a firm could not, without learning that there is one.
        migrations.RunSQL(f"grant insert on {TABLE} to coterm_worker", f"revoke insert on {TABLE} from coterm_worker"),
        migrations.RunSQL(advisors_rows(ANSWERED), advisors_rows(KNOWN)),
        migrations.RunSQL(
            "create policy web_withdraw on licences_accessrequest for update to coterm_web"
            f" using ({FIRMS} and answer = 'waiting') with check ({FIRMS} and answer = 'withdrawn')",
            "drop policy web_withdraw on licences_accessrequest",
        ),
    ]
