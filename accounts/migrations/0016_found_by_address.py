"""What waits is listed newest first, and a person found by an address in any case, without walking everything."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_names_of_actors")]
    operations = [
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["-id"], condition=models.Q(state="pending"), name="letter_waiting"),
        ),
        migrations.AddIndex(model_name="user", index=models.Index(Lower("email"), name="user_address")),
    ]
