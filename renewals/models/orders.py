"""Orders: one for each accepted quote, and the customer's own purchase order as a file."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from renewals.models.quotes import Quote
from renewals.querysets.quotes import OrderQuerySet, PaperQuerySet
from renewals.rules.orders import State
from renewals.rules.papers import PaperKind

ORDER_STATES = {
    State.TO_PLACE.value: pgettext_lazy("order", "To place"),
    State.PLACED.value: pgettext_lazy("order", "Placed"),
    State.FULFILLED.value: pgettext_lazy("order", "Fulfilled"),
    State.CANCELLED.value: pgettext_lazy("order", "Cancelled"),
}


class Order(models.Model):
    """What follows from an accepted quote; the programme sees it, and never the quote.

    `organisation` is the quote's author; `key` is the acceptance's, so that the same request makes one order. `totals`,
    `ends_on`, `coverages` and their `count` are the quote's own, which never changes any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    quote = models.ForeignKey(Quote, models.PROTECT, db_constraint=False, related_name="orders")
    state = models.CharField(_("state"), max_length=10, choices=ORDER_STATES, default=State.TO_PLACE.value)
    key = models.CharField(max_length=64, null=True)
    totals = models.JSONField(default=dict)
    ends_on = models.DateField(_("new expiry date"), null=True)
    coverages = ArrayField(models.UUIDField(), default=list)
    count = models.PositiveIntegerField()
    purchase_order = models.CharField(_("purchase order number"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    placed_by_id = models.UUIDField(null=True)
    placed_organisation_id = models.UUIDField(null=True)
    placed_at = models.DateTimeField(null=True)
    fulfilled_by_id = models.UUIDField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    cancelled_by_id = models.UUIDField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "id"], name="order_tenant"),
            models.UniqueConstraint(fields=["customer", "quote"], name="order_once"),
            models.UniqueConstraint(fields=["customer", "key"], name="order_key"),
            TenantForeignKey(
                name="order_quote",
                fields=["customer", "organisation", "quote"],
                to="renewals.Quote",
                to_fields=["customer", "organisation", "id"],
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="order_page"),
            models.Index(fields=["customer", "state", "-id"], name="order_state_page"),
            models.Index(fields=["organisation", "-id"], name="order_author_page"),
            models.Index(fields=["state", "-id"], name="order_desk"),
            models.Index(fields=["placed_organisation_id", "-id"], name="order_placer_page"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people call it: from the random part of the id."""
        return f"O-{str(self.pk)[-8:].upper()}"

    @property
    def money(self) -> dict[str, Decimal]:
        """The totals by currency."""
        return {currency: Decimal(amount) for currency, amount in sorted(self.totals.items())}


class OrderPaper(models.Model):
    """The customer's purchase order as a file, one for each order; another one takes its place until it is fulfilled.

    It lies in the database, behind the walls and in the backups of its order (decision 19). `organisation` added it;
    `name` is safe to be written to a disk (rules.papers), `size` counts bytes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.CASCADE, db_constraint=False, related_name="papers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.value) for kind in PaperKind])
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    added_by_id = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "order"], name="orderpaper_once"),
            TenantForeignKey(
                name="orderpaper_order",
                fields=["customer", "order"],
                to="renewals.Order",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]

    def __str__(self) -> str:
        return self.name
