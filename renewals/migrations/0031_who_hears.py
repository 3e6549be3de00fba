"""An organisation knows which reader does not hear of its coverages: the calendar of what will be sent says it."""

from django.db import migrations

from accounts.walls import NOW, ORG, extra_policy

PERSON = (
    "(select true from accounts_membership m where m.user_id = renewals_mute.recipient_id"
    f" and m.organisation_id = {ORG} limit 1)"
)
ABOUT_CUSTOMERS = (
    "(customer_id is null or (select true from licences_customervisibility s where s.customer_id ="
    f" renewals_mute.customer_id and s.organisation_id = {ORG} and s.valid_until > {NOW} limit 1))"
)
CONTACT = f"(select true from advisors_contact k where k.id = renewals_mute.recipient_id and k.firm_id = {ORG} limit 1)"
ASSIGNED = (
    "(select true from licences_assignment a where a.contact_id = renewals_mute.recipient_id"
    f" and a.customer_id = {ORG} and a.status = 'active' limit 1)"
)
ASSIGNED_ADDRESS = (
    "(select true from licences_assignment a join advisors_contact k on k.id = a.contact_id"
    " left join accounts_user u on u.id = k.user_id"
    f" where a.customer_id = {ORG} and a.status = 'active'"
    " and lower(coalesce(u.email, k.email)) = accounts_suppression.address limit 1)"
)


class Migration(migrations.Migration):
    dependencies = [("renewals", "0030_returned"), ("licences", "0012_end_walls")]
    operations = [
        # A customer has always read in its ledger who wants none of its reminders; a firm of its own people.
        extra_policy("renewals_mute", "web_about_customer", using=f"customer_id = {ORG}"),
        extra_policy("renewals_mute", "web_own_people", using=f"{PERSON} and {ABOUT_CUSTOMERS}"),
        extra_policy("renewals_mute", "web_own_contacts", using=CONTACT),
        extra_policy("renewals_mute", "web_assigned_contacts", using=f"customer_id is null and {ASSIGNED}"),
        extra_policy("accounts_suppression", "web_assigned_contacts", using=ASSIGNED_ADDRESS),
    ]
