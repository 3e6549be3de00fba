"""Support access: a customer lets the programme's managers look at its licences for a while."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from accounts.models import Organisation
from licences.querysets import SupportQuerySet


class SupportAccess(models.Model):
    """What a customer shows to the programme, why, and through which day, inclusive in the customer's zone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    ends_on = models.DateField(_("ends on"))
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SupportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(ended_at=None), name="supportaccess_one_open"
            ),
            models.CheckConstraint(condition=~models.Q(customer=models.F("programme")), name="supportaccess_not_self"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="supportaccess_customer"),
            models.Index(fields=["programme", "-id"], name="supportaccess_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} to {self.ends_on}"
