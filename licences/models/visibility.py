"""Who may see what, as it follows from ownership and assignments. Written by triggers alone."""

from django.db import models

from accounts.models import Organisation
from licences.models.assignments import Assignment
from licences.models.ownership import PROGRAMMES, Coverage
from licences.querysets import CustomerVisibilityQuerySet, VisibilityQuerySet


class Visibility(models.Model):
    """Who may see which coverage, the owner included, with what lists sort by. Written by triggers alone."""

    pk = models.CompositePrimaryKey("coverage_id", "organisation_id")
    coverage = models.ForeignKey(Coverage, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    assignment = models.ForeignKey(
        Assignment, models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    expires_on = models.DateField()
    programme = models.CharField(max_length=2, choices=PROGRAMMES)
    quantity = models.PositiveIntegerField()
    access_level = models.PositiveSmallIntegerField()
    valid_until = models.DateTimeField()

    objects = VisibilityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "expires_on", "coverage"], include=["valid_until"], name="visibility_page"
            ),
            models.Index(
                fields=["organisation", "customer", "expires_on", "coverage"],
                include=["valid_until"],
                name="visibility_customer",
            ),
            models.Index(
                fields=["expires_on"], include=["organisation", "coverage", "valid_until"], name="visibility_sweep"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coverage_id} for {self.organisation_id}"


class CustomerVisibility(models.Model):
    """Which organisation may see that a customer exists, and its people. Written by triggers alone."""

    pk = models.CompositePrimaryKey("organisation_id", "customer_id")
    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(Organisation, models.DO_NOTHING, db_constraint=False, related_name="+")
    valid_until = models.DateTimeField()

    objects = CustomerVisibilityQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.customer_id} for {self.organisation_id}"
