"""The index that counts what waits for room in the day of an address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_mail_wishes"),
        ("licences", "0016_words_and_support_days"),
        ("renewals", "0022_certificate_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("reason", "capped"), ("state", "pending")),
                fields=["leaves_at"],
                name="reminder_capped",
            ),
        ),
    ]
