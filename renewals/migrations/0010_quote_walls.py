"""Who sees quotes, their lines and orders; and that what was offered is never rewritten."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, Policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
MINE = f"customer_id = {ORG}"
BY_ME = f"organisation_id = {ORG}"
WORKER_ALL: Policy = ("worker", "all", "true", "true")


def reached(row: str, level: int) -> str:
    """How many of a quote's coverages the actor holds at that level: a scalar, because EXISTS may be hashed."""
    return f"""(select count(*) from licences_visibility v where v.organisation_id = {ORG}
        and v.coverage_id = any({row}.coverages) and v.customer_id = {row}.customer_id
        and v.access_level >= {level} and v.valid_until > {NOW}) = cardinality({row}.coverages)"""


QUOTABLE = reached("renewals_quote", 2)
# For lines the coverage's own row is asked alone: with the whole quote, 2,000 lines would ask 4,000,000 times.
LINE_QUOTABLE = f"""(select v.access_level >= 2 and v.valid_until > {NOW} from licences_visibility v
    where v.coverage_id = renewals_quoteline.coverage_id and v.organisation_id = {ORG})"""
ITS_QUOTE = "(select true from renewals_quote q where q.id = renewals_{table}.quote_id)"
ORDERED = "(select true from renewals_order o where o.quote_id = renewals_quoteline.quote_id)"
RENEWABLE = f"(select {reached('q', 3)} from renewals_quote q where q.id = renewals_order.quote_id)"


class Migration(migrations.Migration):
    dependencies = [("renewals", "0009_quotes"), ("licences", "0002_walls")]
    operations = [
        sql_file(
            SQL / "quotes.sql",
            undo="drop trigger quote_guarded on renewals_quote; drop trigger order_guarded on renewals_order;"
            " drop trigger quoteline_added on renewals_quoteline; drop trigger quoteline_removed on renewals_quoteline;"
            " drop trigger quoteline_guarded on renewals_quoteline; drop function quote_guarded(), order_guarded(),"
            " quoteline_added(), quoteline_removed(), quoteline_guarded()",
        ),
        wall(
            "renewals_quote",
            web="select, insert, update, delete",
            worker="select, update",
            policies=[
                ("web", "select", f"{MINE} and state <> 'draft'", ""),
                ("web", "select", f"{MINE} and {BY_ME}", ""),
                ("web", "select", f"{BY_ME} and customer_id <> {ORG} and {QUOTABLE}", ""),
                ("web", "insert", "", f"{BY_ME} and state = 'draft' and {QUOTABLE}"),
                ("web", "update", MINE, MINE),
                (
                    "web",
                    "update",
                    f"{BY_ME} and state in ('draft', 'submitted') and {QUOTABLE}",
                    f"{BY_ME} and state in ('draft', 'submitted', 'withdrawn') and {QUOTABLE}",
                ),
                ("web", "delete", f"{BY_ME} and state = 'draft'", ""),
                WORKER_ALL,
            ],
        ),
        wall(
            "renewals_quoteline",
            web="select, insert, update, delete",
            worker="select, update",
            policies=[
                ("web", "select", f"{MINE} and {ITS_QUOTE.format(table='quoteline')}", ""),
                ("web", "select", f"{BY_ME} and {LINE_QUOTABLE}", ""),
                ("web", "select", f"{PROGRAMME} and {ORDERED}", ""),
                ("web", "insert", "", f"{BY_ME} and not held and {LINE_QUOTABLE}"),
                ("web", "update", MINE, MINE),
                ("web", "delete", BY_ME, ""),
                WORKER_ALL,
            ],
        ),
        wall(
            "renewals_order",
            web="select, insert, update",
            worker="select",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", f"{BY_ME} and {ITS_QUOTE.format(table='order')}", ""),
                ("web", "select", PROGRAMME, ""),
                ("web", "insert", "", f"{MINE} and state = 'to_place'"),
                ("web", "update", MINE, MINE),
                ("web", "update", f"{BY_ME} and state = 'to_place' and {RENEWABLE}", f"{BY_ME} and state = 'placed'"),
                ("web", "update", PROGRAMME, PROGRAMME),
                WORKER_ALL,
            ],
        ),
    ]
