"""Visibility, its triggers, and the policies of everything that a customer owns."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, USER, Policy, extra_policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
MINE = f"customer_id = {ORG}"
WORKER_ALL: Policy = ("worker", "all", "true", "true")
OWN_ROWS: list[Policy] = [
    ("web", "select", MINE, ""),
    ("web", "insert", "", MINE),
    ("web", "update", MINE, MINE),
    ("web", "delete", MINE, ""),
    WORKER_ALL,
]
WRITE = "select, insert, update, delete"
RELATED = f"valid_until > {NOW} limit 1"


def shared(column: str) -> Policy:
    """Rows of a coverage that visibility names. A scalar sub-select, because EXISTS may be hashed (4-performance)."""
    return (
        "web",
        "select",
        f"(select v.valid_until > {NOW} from licences_visibility v where v.coverage_id = {column}"
        f" and v.organisation_id = {ORG})",
        "",
    )


class Migration(migrations.Migration):
    dependencies = [("licences", "0001_initial"), ("advisors", "0002_walls"), ("accounts", "0002_walls")]
    operations = [
        sql_file(SQL / "visibility.sql"),
        wall(
            "licences_visibility",
            web="select",
            worker="select",
            policies=[("web", "select", f"organisation_id = {ORG} and valid_until > {NOW}", ""), WORKER_ALL],
        ),
        wall(
            "licences_customervisibility",
            web="select",
            worker="select",
            policies=[
                ("web", "select", f"organisation_id = {ORG} and valid_until > {NOW}", ""),
                ("web", "select", f"customer_id = {ORG} and valid_until > {NOW}", ""),
                WORKER_ALL,
            ],
        ),
        wall(
            "licences_product",
            web="select, insert, update",
            worker="select, insert",
            policies=[
                ("web", "select", f"customer_id is null and {USER} is not null", ""),
                ("web", "select", MINE, ""),
                (
                    "web",
                    "select",
                    "(select true from licences_customervisibility s where s.customer_id = licences_product.customer_id"
                    f" and s.organisation_id = {ORG} and s.{RELATED})",
                    "",
                ),
                ("web", "insert", "", MINE),
                ("web", "insert", "", f"customer_id is null and {PROGRAMME}"),
                ("web", "update", f"customer_id is null and {PROGRAMME}", f"customer_id is null and {PROGRAMME}"),
                WORKER_ALL,
            ],
        ),
        wall(
            "licences_coverage",
            web=WRITE,
            worker="select, insert, update",
            # The customer's own policy beside the shared one: INSERT … RETURNING runs before the AFTER trigger.
            policies=[*OWN_ROWS, shared("licences_coverage.id")],
        ),
        wall(
            "licences_coverageterm",
            web=WRITE,
            worker="select, insert, update",
            policies=[*OWN_ROWS[1:], shared("licences_coverageterm.coverage_id")],
        ),
        wall(
            "licences_licence",
            web=WRITE,
            worker="select, insert, update",
            policies=[
                *OWN_ROWS,
                (
                    "web",
                    "select",
                    "(select true from licences_coverage c where c.licence_id = licences_licence.id limit 1)",
                    "",
                ),
            ],
        ),
        wall(
            "licences_assignment",
            web=WRITE,
            worker="select, update",
            policies=[
                *OWN_ROWS,
                ("web", "select", f"advisor_id = {ORG} and status not in ('draft', 'discarded')", ""),
            ],
        ),
        *[
            wall(
                f"licences_{table}",
                web="select, insert, delete",
                worker="select",
                policies=[
                    ("web", "select", MINE, ""),
                    ("web", "insert", "", MINE),
                    ("web", "delete", MINE, ""),
                    WORKER_ALL,
                ],
            )
            for table in ("selection", "exclusion")
        ],
        wall("licences_importbatch", web=WRITE, worker="select, insert, update", policies=OWN_ROWS),
        wall("licences_importline", web=WRITE, worker="select, insert, update, delete", policies=OWN_ROWS),
        extra_policy(
            "accounts_organisation",
            "web_shared_customer",
            using="(select true from licences_customervisibility s where s.customer_id = accounts_organisation.id"
            f" and s.organisation_id = {ORG} and s.{RELATED})",
        ),
        extra_policy(
            "accounts_membership",
            "web_customers_people",
            using="(select true from licences_customervisibility s"
            " where s.customer_id = accounts_membership.organisation_id"
            f" and s.organisation_id = {ORG} and s.{RELATED})",
        ),
        extra_policy(
            "accounts_membership",
            "web_advisors_people",
            using="(select true from licences_customervisibility s"
            " where s.organisation_id = accounts_membership.organisation_id"
            f" and s.customer_id = {ORG} and s.{RELATED})",
        ),
    ]
