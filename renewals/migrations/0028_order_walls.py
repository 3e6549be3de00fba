"""A firm sees, and places, an order of others all of which it may renew; a purchase order's file follows its order."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, extra_policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
WAITS = f"(state = 'to_place' or placed_organisation_id = {ORG})"
FILL = "update renewals_order o set coverages = q.coverages from renewals_quote q where q.id = o.quote_id"


def renewable(row: str) -> str:
    """Whether the actor holds every coverage of an order at level Renew: a scalar, because EXISTS may be hashed."""
    return f"""(select count(*) from licences_visibility v where v.organisation_id = {ORG}
        and v.coverage_id = any({row}.coverages) and v.customer_id = {row}.customer_id
        and v.access_level >= 3 and v.valid_until > {NOW}) = nullif(cardinality({row}.coverages), 0)"""


OTHERS = f"customer_id <> {ORG} and {renewable('renewals_order')}"
LINE_RENEWABLE = f"""(select v.access_level >= 3 and v.valid_until > {NOW} from licences_visibility v
    where v.coverage_id = renewals_quoteline.coverage_id and v.organisation_id = {ORG})"""
# Not correlated: the orders that others made are looked through once, not for each of 2,000 lines.
OF_OTHERS = f"""quote_id = any (array(select o.quote_id from renewals_order o
    where o.customer_id <> {ORG} and o.organisation_id <> {ORG} and {WAITS}))"""
ITS_ORDER = "(select true from renewals_order o where o.id = renewals_orderpaper.order_id)"
OPEN_ORDER = f"""(select o.state in ('to_place', 'placed') and (o.customer_id = {ORG} or {renewable("o")})
    from renewals_order o where o.id = renewals_orderpaper.order_id)"""
PLACE_BEFORE = f"""(select count(*) from licences_visibility v, renewals_quote q where q.id = renewals_order.quote_id
    and v.organisation_id = {ORG} and v.coverage_id = any(q.coverages) and v.customer_id = q.customer_id
    and v.access_level >= 3 and v.valid_until > {NOW}) = count"""


class Migration(migrations.Migration):
    dependencies = [("renewals", "0027_order_papers"), ("licences", "0002_walls")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        sql_file(SQL / "orders.sql"),
        extra_policy("renewals_order", "web_select_others", using=f"organisation_id <> {ORG} and {WAITS} and {OTHERS}"),
        migrations.RunSQL(
            f"""alter policy web_update_5 on renewals_order using (state = 'to_place' and {OTHERS})
                with check (state = 'placed' and placed_organisation_id = {ORG} and {OTHERS})""",
            f"""alter policy web_update_5 on renewals_order
                using (organisation_id = {ORG} and state = 'to_place' and {PLACE_BEFORE})
                with check (organisation_id = {ORG} and state = 'placed')""",
        ),
        extra_policy("renewals_quoteline", "web_select_others", using=f"{LINE_RENEWABLE} and {OF_OTHERS}"),
        wall(
            "renewals_orderpaper",
            web="select, insert, delete",
            policies=[
                ("web", "select", ITS_ORDER, ""),
                ("web", "insert", "", f"organisation_id = {ORG} and not {PROGRAMME} and {OPEN_ORDER}"),
                ("web", "delete", OPEN_ORDER, ""),
            ],
        ),
    ]
