"""What the mail server has had, and the index of what goes before reminders."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_mail_wishes"),
    ]

    operations = [
        migrations.AddField(
            model_name="sending",
            name="free_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state", "pending"), models.Q(("kind", "reminders"), _negated=True)),
                fields=["due_at"],
                name="letter_pressing",
            ),
        ),
    ]
