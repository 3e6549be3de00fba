"""The ledger of reminders, and who wants none."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Letter, Organisation
from licences.models import Coverage
from renewals.querysets.reminders import MuteQuerySet, ReminderQuerySet

REMINDER_STATES = {
    "pending": _("Waiting"),
    "superseded": _("Superseded by a later one"),
    "cancelled": _("Cancelled"),
    "sent": _("Sent"),
    "dead": _("Not delivered"),
}


class Reminder(models.Model):
    """One window of one expiry for one reader; unique, so that a second sweep adds nothing.

    `is_urgent` rows leave on their day; from `over_on` on another window speaks.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The coverage's key holds the customer's as well: it is checked once a row, not twice.
    customer = models.ForeignKey(Organisation, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, related_name="+")
    expires_on = models.DateField()
    window = models.SmallIntegerField()
    recipient_id = models.UUIDField()
    channel = models.CharField(max_length=8, default="email")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    why = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=REMINDER_STATES, default="pending")
    reason = models.CharField(max_length=40, blank=True)
    is_urgent = models.BooleanField(default=False)
    over_on = models.DateField(null=True)
    leaves_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, blank=True, related_name="reminders")
    created_at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "coverage", "expires_on", "window", "recipient_id", "channel"], name="reminder_once"
            ),
            TenantForeignKey(
                name="reminder_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="reminder_customer"),
            models.Index(fields=["organisation", "-id"], name="reminder_page"),
            models.Index(
                fields=["recipient_id", "coverage"], condition=models.Q(state="pending"), name="reminder_waiting"
            ),
            models.Index(
                fields=["letter"],
                condition=models.Q(state__in=["pending", "dead"], letter__isnull=False),
                name="reminder_lettered",
            ),
            models.Index(
                fields=["leaves_at"], condition=models.Q(state="pending", letter=None), name="reminder_leaving"
            ),
            models.Index(
                fields=["leaves_at"], condition=models.Q(state="pending", reason="capped"), name="reminder_capped"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window:+d} {self.state}"


class Mute(models.Model):
    """A reader who wants no more reminders: of a coverage, of a customer, or of none at all (customer NULL).

    `sort` stops only what speaks of that (`rules.reminders.Sort`); empty stops all of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient_id = models.UUIDField()
    customer = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    coverage = models.ForeignKey(
        Coverage, models.CASCADE, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    sort = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()

    objects = MuteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient_id", "customer", "coverage", "sort"], name="mute_once", nulls_distinct=False
            ),
            TenantForeignKey(
                name="mute_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.customer_id}"


class Touched(models.Model):
    """A customer whose coverages, people or advisors have changed since the last sweep; written by triggers alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")

    def __str__(self) -> str:
        return str(self.customer_id)
