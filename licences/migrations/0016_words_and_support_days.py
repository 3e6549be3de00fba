"""A word for a firm whose request is declined; and how long support access lasts, set by the programme."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0015_approach_walls")]
    operations = [
        migrations.AddField(
            model_name="accessrequest",
            name="reply",
            field=models.TextField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="accesspolicy",
            name="support_days",
            field=models.PositiveSmallIntegerField(default=14),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="accesspolicy",
            name="longest_support_days",
            field=models.PositiveSmallIntegerField(default=90),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="accesspolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("support_days__gte", 1), ("support_days__lte", models.F("longest_support_days"))),
                name="accesspolicy_support",
            ),
        ),
    ]
