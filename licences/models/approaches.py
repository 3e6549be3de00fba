"""How a firm asks a company that may be a customer: what it typed, and the code that a customer hands out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from accounts.models import Organisation
from advisors.models import Contact
from licences.models.levels import LEVELS, SCOPES
from licences.querysets import ApproachQuerySet, CustomerQuerySet
from licences.rules.approaches import Way, spoken

WAYS = {Way.DOMAIN.value: _("E-mail domain"), Way.CODE.value: _("Code")}


class Approach(models.Model):
    """A firm's own note of whom it asked: never a customer's id, and nothing that depends on whether there is one.

    `looked_at` is when it was compared with the customers, whatever that found.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    advisor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=6, choices=WAYS)
    target = models.CharField(max_length=253)
    level = models.PositiveSmallIntegerField(_("access level"), choices=LEVELS)
    scope = models.CharField(_("scope"), max_length=8, choices=SCOPES)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    asked_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ApproachQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(level__in=[1, 2, 3]), name="approach_level")]
        indexes = [
            models.Index(fields=["advisor", "created_at", "id"], name="approach_page"),
            models.Index(fields=["created_at"], condition=models.Q(looked_at=None), name="approach_new"),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """What was typed, a code in two groups."""
        return spoken(self.target) if self.way == Way.CODE else self.target


class AccessCode(models.Model):
    """By whom it is known may ask this customer for access; a new one replaces it, and switched off there is none."""

    customer = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="+")
    code = models.CharField(max_length=10)
    made_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["code"], name="accesscode_code")]

    def __str__(self) -> str:
        return str(self.pk)
