"""Transfers to a distributor: what is asked, what was consented to, and the snapshot that left."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models.ownership import Coverage
from licences.querysets import ItemQuerySet, SnapshotQuerySet, TransferQuerySet
from licences.rules.transfers import State

TRANSFER_STATES = {
    State.REQUESTED.value: pgettext_lazy("transfer", "Waiting for consent"),
    State.CONSENTED.value: pgettext_lazy("transfer", "Consented"),
    State.DELIVERED.value: pgettext_lazy("transfer", "Delivered"),
    State.RECEIPTED.value: pgettext_lazy("transfer", "Received"),
    State.DECLINED.value: pgettext_lazy("transfer", "Declined"),
    State.LAPSED.value: pgettext_lazy("transfer", "Lapsed"),
    State.WITHDRAWN.value: pgettext_lazy("transfer", "Withdrawn"),
}


class Transfer(models.Model):
    """Licence and company data for one distributor. From its consent on only its progress changes (a trigger)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    distributor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    advisor = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=TRANSFER_STATES, default=State.REQUESTED.value)
    purpose = models.CharField(_("purpose"), max_length=300)
    ends_on = models.DateField(_("last day"))
    company_fields = models.JSONField(default=list)
    licence_fields = models.JSONField(default=list)
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    contact_phone = models.CharField(_("telephone of the contact"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    consented_by_id = models.UUIDField(null=True)
    consented_at = models.DateTimeField(null=True)
    sender = models.CharField(max_length=200, blank=True)
    text_version = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=5, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    valid_until = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True)
    receipted_by_id = models.UUIDField(null=True)
    receipted_at = models.DateTimeField(null=True)
    copies = models.PositiveIntegerField(default=0)
    copied_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "id"], name="transfer_tenant"),
            models.CheckConstraint(condition=~models.Q(customer=models.F("distributor")), name="transfer_not_self"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="transfer_page"),
            models.Index(fields=["distributor", "-id"], name="transfer_inbox"),
            models.Index(fields=["advisor", "-id"], name="transfer_proposals"),
            models.Index(
                fields=["lapses_at"], condition=models.Q(state__in=["requested", "delivered"]), name="transfer_lapses"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"


class TransferItem(models.Model):
    """A coverage chosen for a transfer that still waits for consent."""

    pk = models.CompositePrimaryKey("transfer_id", "coverage_id")
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    transfer = models.ForeignKey(Transfer, models.CASCADE, db_constraint=False, related_name="items")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, related_name="+")

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            TenantForeignKey(
                name=f"item_{field}",
                fields=["customer", field],
                to=f"licences.{field.capitalize()}",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            )
            for field in ("transfer", "coverage")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TransferSnapshot(models.Model):
    """What an owner consented to hand over, exactly; the transfer holds the hash of its canonical bytes."""

    transfer = models.OneToOneField(
        Transfer, models.CASCADE, primary_key=True, db_constraint=False, related_name="snapshot"
    )
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    content = models.JSONField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            TenantForeignKey(
                name="snapshot_transfer",
                fields=["customer", "transfer"],
                to="licences.Transfer",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            )
        ]

    def __str__(self) -> str:
        return str(self.transfer_id)
