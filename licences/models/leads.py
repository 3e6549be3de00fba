"""Lead advisors: which firm of several looks after a coverage first."""

from django.db import models

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models.ownership import Coverage
from licences.querysets import LeadQuerySet


class Lead(models.Model):
    """A firm named as lead for a coverage; `ended_at` once its access has ended or another was named.

    Where none is named, every assigned contact counts as lead (1-product, "Assignment").
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, related_name="+")
    advisor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    named_by_id = models.UUIDField(null=True)
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    fell_away = models.BooleanField(default=False)
    told = models.BooleanField(default=False)

    objects = LeadQuerySet.as_manager()

    class Meta:
        constraints = [
            TenantForeignKey(
                name="lead_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
            models.UniqueConstraint(
                fields=["customer", "coverage"], condition=models.Q(ended_at=None), name="lead_one_a_coverage"
            ),
        ]
        indexes = [
            models.Index(fields=["coverage"], condition=models.Q(ended_at=None), name="lead_coverage_now"),
            models.Index(fields=["advisor", "customer"], condition=models.Q(ended_at=None), name="lead_firm_now"),
            models.Index(fields=["customer"], condition=models.Q(fell_away=True, told=False), name="lead_untold"),
        ]

    def __str__(self) -> str:
        return str(self.coverage_id)
