"""Silences: reminders of one expiry that somebody has asked to hold back for a while."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models import Coverage
from renewals.querysets.reminders import SilenceQuerySet
from renewals.rules.silences import LONGEST_REASON
from renewals.rules.silences import Silence as Why

WHYS = {
    Why.KNOWN.value: _("Known"),
    Why.SNOOZED.value: _("Snoozed"),
}


class Silence(models.Model):
    """Nothing is sent about this expiry; removed when it ends, and a new expiry date is not concerned.

    For one reader (`recipient_id`), for the people of `organisation`, or for everybody when both are empty.
    `until_on` is the last silent day in the customer's zone; without one it lasts as long as the expiry date.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    why = models.CharField(max_length=8, choices=WHYS)
    customer = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    expires_on = models.DateField()
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    recipient_id = models.UUIDField(null=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    until_on = models.DateField(_("until"), null=True)
    made_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    objects = SilenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "coverage", "expires_on", "why", "organisation", "recipient_id"],
                name="silence_once",
                nulls_distinct=False,
            ),
            TenantForeignKey(
                name="silence_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
            models.CheckConstraint(condition=models.Q(why__in=["known", "snoozed"]), name="silence_why"),
            models.CheckConstraint(
                condition=~models.Q(why="snoozed") | models.Q(until_on__isnull=False), name="silence_snooze_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["coverage", "expires_on"], name="silence_coverage_idx"),
            models.Index(fields=["until_on"], condition=models.Q(until_on__isnull=False), name="silence_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.coverage_id} {self.why}"
