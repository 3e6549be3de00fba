"""What a silence is for: somebody knows, or it waits for a while."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("renewals", "0025_decisions_alone")]
    operations = [
        migrations.AlterField(
            model_name="silence",
            name="why",
            field=models.CharField(choices=[("known", "Known"), ("snoozed", "Snoozed")], max_length=8),
        ),
        migrations.AddConstraint(
            model_name="silence",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["known", "snoozed"])), name="silence_why"
            ),
        ),
    ]
