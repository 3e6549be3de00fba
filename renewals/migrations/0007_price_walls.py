"""Who may read prices, and what the database refuses of them."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, USER, Policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
DROP = """
    drop trigger priceschedule_guarded on renewals_priceschedule; drop function priceschedule_guarded();
    drop trigger price_guarded on renewals_price; drop function price_guarded();
    drop trigger policy_guarded on renewals_renewalpolicy; drop trigger discount_guarded on renewals_tierdiscount;
    drop function policy_guarded();
    alter table renewals_priceschedule drop constraint priceschedule_no_overlap;
    alter table renewals_price drop constraint price_no_overlap;
    drop type coterm_text_range; drop type coterm_uuid_range
"""
CUSTOMER = f"(select o.kind = 'customer' from accounts_organisation o where o.id = {ORG})"
QUOTES = f"""(select true from licences_visibility v where v.organisation_id = {ORG} and v.access_level >= 2
    and v.valid_until > {NOW} limit 1)"""
PRICED = f"({CUSTOMER} or {QUOTES})"
WRITE = "select, insert, update, delete"
# The sub-select asks the schedules' own policies: whoever sees the version sees its prices.
IN_SIGHT = "schedule_id = any (array(select s.id from renewals_priceschedule s))"
WORKER: Policy = ("worker", "select", "true", "")


def programme_writes() -> list[Policy]:
    return [
        ("web", "insert", "", PROGRAMME),
        ("web", "update", PROGRAMME, PROGRAMME),
        ("web", "delete", PROGRAMME, ""),
        WORKER,
    ]


class Migration(migrations.Migration):
    dependencies = [("renewals", "0006_prices"), ("licences", "0002_walls"), ("accounts", "0002_walls")]
    operations = [
        sql_file(SQL / "prices.sql", undo=DROP),
        wall(
            "renewals_priceschedule",
            web=WRITE,
            worker="select",
            policies=[
                ("web", "select", PROGRAMME, ""),
                ("web", "select", f"state = 'published' and {PRICED}", ""),
                *programme_writes(),
            ],
        ),
        wall(
            "renewals_price",
            web=WRITE,
            worker="select",
            policies=[("web", "select", IN_SIGHT, ""), *programme_writes()],
        ),
        wall(
            "renewals_renewalpolicy",
            web=WRITE,
            worker="select",
            policies=[("web", "select", f"{USER} is not null", ""), *programme_writes()],
        ),
        wall(
            "renewals_tierdiscount",
            web=WRITE,
            worker="select",
            policies=[
                ("web", "select", PROGRAMME, ""),
                ("web", "select", PRICED, ""),
                *programme_writes(),
            ],
        ),
    ]
