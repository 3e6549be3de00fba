"""A firm whose access is paused still knows whose it is: nothing is shown through it, but it may be given up."""

from django.db import migrations

from accounts.walls import ORG, extra_policy


class Migration(migrations.Migration):
    dependencies = [("licences", "0016_words_and_support_days"), ("accounts", "0015_names_of_actors")]
    operations = [
        extra_policy(
            "accounts_organisation",
            "web_paused_customer",
            using="(select true from licences_assignment a where a.customer_id = accounts_organisation.id"
            f" and a.advisor_id = {ORG} and a.status = 'suspended' limit 1)",
        )
    ]
