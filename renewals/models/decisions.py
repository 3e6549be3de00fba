"""What a customer will not renew."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models import Coverage
from renewals.querysets.decisions import DecisionQuerySet
from renewals.rules.decisions import Reason, State

DECISION_STATES = {
    State.PROPOSED.value: pgettext_lazy("decision", "Proposed"),
    State.DECIDED.value: pgettext_lazy("decision", "Decided"),
    State.AGREED.value: pgettext_lazy("decision", "Agreed"),
    State.DROPPED.value: pgettext_lazy("decision", "Dropped"),
    State.TAKEN_BACK.value: pgettext_lazy("decision", "Taken back"),
}
REASONS = {
    Reason.NOT_NEEDED.value: _("No longer needed"),
    Reason.REPLACED.value: _("Replaced by something else"),
    Reason.BUDGET.value: _("No budget"),
    Reason.MOVED.value: _("Sold or handed over"),
    Reason.OTHER.value: _("Another reason"),
}


class Decision(models.Model):
    """So many seats of a coverage will not be renewed at that expiry; another expiry date ends it.

    `organisation` is the customer where that decides, or the firm that proposes: one of each at a time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, related_name="+")
    expires_on = models.DateField()
    quantity = models.PositiveIntegerField(_("quantity"))
    reason = models.CharField(_("reason"), max_length=12, choices=REASONS)
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DECISION_STATES)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "coverage", "expires_on", "organisation", "state"],
                condition=models.Q(state__in=["proposed", "decided"]),
                name="decision_once",
            ),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="decision_seats"),
            TenantForeignKey(
                name="decision_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.state}"
