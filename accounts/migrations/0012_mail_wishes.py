"""How readers want their mail, and the index by which the mails of an address are counted."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_returns"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="text_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="single_mails",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="text_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                django.db.models.functions.text.Lower("recipient"),
                models.F("sent_at"),
                condition=models.Q(("kind", "reminders")),
                name="letter_address",
            ),
        ),
    ]
