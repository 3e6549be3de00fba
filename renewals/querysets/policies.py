"""Named questions about policies and discounts."""

from datetime import date
from typing import Self, TypeVar

from django.db.models import Model, Q

from accounts.querysets import TenantQuerySet
from accounts.rules import Actor
from renewals.querysets.prices import PricedQuerySet

M = TypeVar("M", bound=Model, covariant=True)


class PolicyQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """The terms of the programme, which reminders tell everybody: whoever is signed in."""
        return Q()

    def in_force(self, on: date) -> Self:
        """The version of each programme that counts on that day, at most one each."""
        return self.filter(valid_from__lte=on).order_by("programme", "-valid_from").distinct("programme")


class DiscountQuerySet(PricedQuerySet[M]):
    def in_force(self, on: date) -> Self:
        """The discount of each tier that counts on that day, at most one each."""
        return self.filter(valid_from__lte=on).order_by("tier", "-valid_from").distinct("tier")
