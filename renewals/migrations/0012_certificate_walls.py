"""Who sees a certificate, who may issue one, and that none is ever rewritten."""

from pathlib import Path

from django.db import migrations

from accounts.walls import NOW, ORG, PROGRAMME, TOKEN, sql_file, wall

SQL = Path(__file__).resolve().parent.parent / "sql"
MINE = f"customer_id = {ORG}"
SHARED = f"""(select v.valid_until > {NOW} from licences_visibility v
    where v.coverage_id = renewals_certificate.coverage_id and v.organisation_id = {ORG})"""
ITS_CUSTOMER = f"""customer_id = (select v.customer_id from licences_visibility v
    where v.coverage_id = renewals_certificate.coverage_id and v.organisation_id = {ORG} and v.valid_until > {NOW})"""
UNDO = """drop trigger certificate_superseded on licences_coverage; drop trigger certificate_renamed on licences_licence;
    drop trigger certificate_guarded on renewals_certificate;
    drop function certificate_superseded(), certificate_renamed(), certificate_guarded()"""


class Migration(migrations.Migration):
    dependencies = [("renewals", "0011_certificates"), ("licences", "0002_walls")]
    operations = [
        sql_file(SQL / "certificates.sql", undo=UNDO),
        wall(
            "renewals_certificate",
            web="select, insert",
            policies=[
                ("web", "select", MINE, ""),
                ("web", "select", SHARED, ""),
                # The public check: whoever knows the number has the certificate before them.
                ("web", "select", f"token_hash = {TOKEN}", ""),
                ("web", "insert", "", f"{MINE} and superseded_at is null"),
                ("web", "insert", "", f"{ITS_CUSTOMER} and superseded_at is null and not {PROGRAMME}"),
            ],
        ),
    ]
