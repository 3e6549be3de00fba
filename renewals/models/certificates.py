"""Certificates of what is in force: issued once, never rewritten."""

from django.db import models

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models import Coverage
from renewals.models.orders import Order
from renewals.querysets.certificates import CertificateQuerySet


class Certificate(models.Model):
    """What was in force on a day, for one coverage or (without one) for all that a customer had in force.

    `order` is the one whose fulfilment brought it, if one did. `valid_until` is the midnight after the last day on
    which everything on it is in force, in the customer's zone. `superseded_at` is written by a trigger, when the terms
    of a coverage on it change; nothing else ever changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, null=True, db_constraint=False, related_name="certificates")
    order = models.ForeignKey(Order, models.PROTECT, null=True, db_constraint=False, related_name="certificates")
    number = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    superseded_at = models.DateTimeField(null=True)

    standing: str  # of `with_standing`

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="certificate_number"),
            models.UniqueConstraint(
                fields=["customer", "coverage"],
                condition=models.Q(superseded_at=None),
                name="certificate_current",
            ),
            TenantForeignKey(
                name="certificate_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
            TenantForeignKey(
                name="certificate_order",
                fields=["customer", "order"],
                to="renewals.Order",
                to_fields=["customer", "id"],
            ),
        ]
        indexes = [
            models.Index(fields=["token_hash"], name="certificate_check"),
            models.Index(fields=["customer", "coverage", "-id"], name="certificate_history"),
        ]

    def __str__(self) -> str:
        return self.number
