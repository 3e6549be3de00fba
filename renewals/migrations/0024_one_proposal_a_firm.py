"""Several firms may propose for one coverage at a time; what became of a proposal is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("renewals", "0023_capped")]
    operations = [
        migrations.RemoveConstraint(model_name="decision", name="decision_once"),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "decided"])),
                fields=("customer", "coverage", "expires_on", "organisation", "state"),
                name="decision_once",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("decided", "Decided"),
                    ("agreed", "Agreed"),
                    ("dropped", "Dropped"),
                    ("taken_back", "Taken back"),
                ],
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
