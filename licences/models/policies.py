"""What the programme sets about access, each version from its day on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from licences.querysets import AccessPolicyQuerySet
from licences.rules.ends import EndPolicy

FIELDS = (
    "default_months",
    "longest_months",
    "extend_months",
    "notice_days",
    "request_days",
    "expiring_days",
    "support_days",
    "longest_support_days",
)


class AccessPolicy(models.Model):
    """One version: in force from `valid_from` until the day before the next one; read by everybody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    valid_from = models.DateField(_("valid from"), unique=True)
    default_months = models.PositiveSmallIntegerField()
    longest_months = models.PositiveSmallIntegerField()
    extend_months = models.PositiveSmallIntegerField()
    notice_days = ArrayField(models.PositiveSmallIntegerField())
    request_days = models.PositiveSmallIntegerField()
    expiring_days = models.PositiveSmallIntegerField()
    support_days = models.PositiveSmallIntegerField()
    longest_support_days = models.PositiveSmallIntegerField()
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    objects = AccessPolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(default_months__gte=1, default_months__lte=models.F("longest_months")),
                name="accesspolicy_lengths",
            ),
            models.CheckConstraint(
                condition=models.Q(support_days__gte=1, support_days__lte=models.F("longest_support_days")),
                name="accesspolicy_support",
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)

    @property
    def rules(self) -> EndPolicy:
        """This version as the rules reckon with it."""
        values = {name: getattr(self, name) for name in FIELDS}
        return EndPolicy(**values | {"notice_days": tuple(self.notice_days)})
