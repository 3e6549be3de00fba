"""The programme's name is no secret: entries tell customers and firms that it acted."""

from django.db import migrations

from accounts.walls import USER


def known(kinds: str) -> str:
    return f"alter policy web_select_1 on accounts_organisation using (kind in ({kinds}) and {USER} is not null)"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_narrow_paths")]
    operations = [migrations.RunSQL(known("'advisor', 'programme'"), known("'advisor'"))]
