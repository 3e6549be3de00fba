"""How desks without sign-in want their mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("advisors", "0003_word_position"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="single_mails",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="contact",
            name="text_only",
            field=models.BooleanField(default=False),
        ),
    ]
