"""Policies: the dated numbers that a programme sets, and what a firm's tier takes off."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from advisors.models import TIERS
from licences.models import PROGRAMMES
from renewals.querysets.policies import DiscountQuerySet, PolicyQuerySet
from renewals.rules.policy import DEFAULT
from renewals.rules.rounding import Rounding

ROUNDINGS = {
    Rounding.HALF_UP.value: _("half up"),
    Rounding.UP.value: _("up"),
    Rounding.DOWN.value: _("down"),
}


class RenewalPolicy(models.Model):
    """One version of a programme's renewal policy, in force from `valid_from` until the next one begins.

    A policy that has begun never changes: quotes rest on it (1-product, "Policy"). What the numbers mean stands at
    `rules.policy.Policy`, whose defaults they take.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.CharField(_("programme"), max_length=2, choices=PROGRAMMES)
    valid_from = models.DateField(_("valid from"))
    boundary = models.PositiveSmallIntegerField(_("last day of reinstatement"), default=DEFAULT.boundary)
    fee = models.DecimalField(_("reinstatement fee"), max_digits=6, decimal_places=4, default=DEFAULT.fee)
    factor = models.DecimalField(_("recovery factor"), max_digits=6, decimal_places=4, default=DEFAULT.factor)
    minimum_months = models.PositiveSmallIntegerField(_("minimum term"), default=DEFAULT.minimum_months)
    horizon_months = models.PositiveSmallIntegerField(_("furthest date"), default=DEFAULT.horizon_months)
    validity_days = models.PositiveSmallIntegerField(_("days a quote holds"), default=DEFAULT.validity_days)
    rounding = models.CharField(_("rounding"), max_length=10, choices=ROUNDINGS, default=DEFAULT.rounding.value)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "valid_from"], name="policy_once"),
            models.CheckConstraint(condition=Q(fee__gte=0, factor__gte=1), name="policy_never_rewards_waiting"),
            models.CheckConstraint(
                condition=Q(horizon_months__gte=1, validity_days__gte=1, boundary__gte=1), name="policy_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.valid_from}"


class TierDiscount(models.Model):
    """The share that firms of a tier take off cover, from `valid_from` until the next one of that tier begins."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.CharField(_("tier"), max_length=12, choices=TIERS)
    valid_from = models.DateField(_("valid from"))
    share = models.DecimalField(_("discount"), max_digits=5, decimal_places=4, default=Decimal(0))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DiscountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tier", "valid_from"], name="discount_once"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lt=1), name="discount_share"),
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.share} {self.valid_from}"
