"""Approvers' limits are their organisation's own business: no advisor reads them."""

from django.db import migrations

from accounts.walls import ORG, wall

MINE = f"organisation_id = {ORG}"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_approval_limits"), ("accounts", "0002_walls")]
    operations = [
        wall("accounts_approvallimit", web="select, insert, update, delete", policies=[("web", "all", MINE, MINE)]),
    ]
