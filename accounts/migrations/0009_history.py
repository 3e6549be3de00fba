"""Indexes that serve the filters of the activity."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_limit_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organisation", "actor_user_id", "-id"], name="audit_person"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organisation", "actor_organisation_id", "-id"], name="audit_from"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organisation", "customer_id", "-id"], name="audit_customer"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organisation", "subject_id", "-id"], name="audit_subject"),
        ),
    ]
