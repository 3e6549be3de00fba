"""The worker lets mail go on to a mailbox that has returned some and is there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_found_by_address")]
    operations = [
        migrations.RunSQL(
            "grant delete on accounts_suppression to coterm_worker",
            "revoke delete on accounts_suppression from coterm_worker",
        ),
    ]
