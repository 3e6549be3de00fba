"""A contact whose mail comes back is found without walking the directory."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("advisors", "0004_mail_wishes")]
    operations = [
        migrations.AddIndex(model_name="contact", index=models.Index(Lower("email"), name="contact_address")),
    ]
