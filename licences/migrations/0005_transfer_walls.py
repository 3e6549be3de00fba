"""Who sees a transfer and its snapshot; and that what was consented to is never rewritten."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, Policy, extra_policy, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
MINE = f"customer_id = {ORG}"
OPEN = "state = 'requested'"
# What a distributor sees: the cover of what waits for its receipt, of what it refused, and what it has received.
REACHED = f"""distributor_id = {ORG} and valid_until > {NOW} and (state = 'receipted'
    or state = 'delivered' and lapses_at > {NOW} or state = 'declined' and sha256 > '')"""
HELPS = f"""(select s.valid_until > {NOW} from licences_customervisibility s
    where s.customer_id = licences_transfer.customer_id and s.organisation_id = {ORG})"""
MAY_RENEW = f"""(select true from licences_visibility v where v.customer_id = licences_transfer.customer_id
    and v.organisation_id = {ORG} and v.access_level = 3 and v.valid_until > {NOW} limit 1)"""
PROPOSED = f"""(select t.state = 'requested' and t.advisor_id = {ORG} from licences_transfer t
    where t.id = licences_transferitem.transfer_id)"""
STILL_OPEN = "(select t.state = 'requested' from licences_transfer t where t.id = licences_transferitem.transfer_id)"
RENEWED_BY_IT = f"""(select v.access_level = 3 and v.valid_until > {NOW} from licences_visibility v
    where v.coverage_id = licences_transferitem.coverage_id and v.organisation_id = {ORG})"""
SHARED = f"""(select v.valid_until > {NOW} from licences_visibility v
    where v.coverage_id = licences_transferitem.coverage_id and v.organisation_id = {ORG})"""
RECEIVED = f"""(select t.state = 'receipted' and t.distributor_id = {ORG} from licences_transfer t
    where t.id = licences_transfersnapshot.transfer_id)"""
WORKER_ALL: Policy = ("worker", "all", "true", "true")


class Migration(migrations.Migration):
    dependencies = [("licences", "0004_transfers"), ("licences", "0002_walls"), ("accounts", "0006_distributor")]
    operations = [
        sql_file(
            SQL / "transfers.sql",
            undo="drop trigger transfer_guarded on licences_transfer; drop function transfer_guarded()",
        ),
        wall(
            "licences_transfer",
            web="select, insert, update",
            worker="select, update",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", f"advisor_id = {ORG} and {HELPS}", ""),
                ("web", "select", REACHED, ""),
                ("web", "insert", "", f"{MINE} and advisor_id is null and {OPEN}"),
                ("web", "insert", "", f"advisor_id = {ORG} and {OPEN} and {MAY_RENEW}"),
                ("web", "update", MINE, MINE),
                ("web", "update", f"advisor_id = {ORG} and {OPEN}", f"advisor_id = {ORG} and state = 'withdrawn'"),
                (
                    "web",
                    "update",
                    f"distributor_id = {ORG} and state in ('delivered', 'receipted')",
                    f"distributor_id = {ORG} and state in ('receipted', 'declined')",
                ),
                WORKER_ALL,
            ],
        ),
        wall(
            "licences_transferitem",
            web="select, insert, delete",
            worker="select",
            policies=[
                ("web", "select", MINE, ""),
                (
                    "web",
                    "select",
                    f"{SHARED} and (select true from licences_transfer t where"
                    f" t.id = licences_transferitem.transfer_id and t.advisor_id = {ORG})",
                    "",
                ),
                ("web", "insert", "", f"{MINE} and {STILL_OPEN}"),
                ("web", "insert", "", f"{PROPOSED} and {RENEWED_BY_IT}"),
                ("web", "delete", f"{MINE} and {STILL_OPEN}", ""),
                WORKER_ALL,
            ],
        ),
        wall(
            "licences_transfersnapshot",
            web="select, insert",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", RECEIVED, ""),
                ("web", "insert", "", MINE),
            ],
        ),
        # Whom the snapshot goes to, as soon as one is prepared: a customer is told their names before it consents.
        extra_policy(
            "accounts_membership",
            "web_distributors_people",
            using="(select true from licences_transfer t where t.distributor_id = accounts_membership.organisation_id"
            f" and t.customer_id = {ORG} limit 1)",
        ),
    ]
