"""Files of licences, kept line by line until they are applied or discarded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.querysets import CustomerQuerySet
from licences.rules import ImportState, LineState

IMPORT_STATES = {
    ImportState.PREVIEWED.value: _("Preview"),
    ImportState.APPLIED.value: _("Imported"),
    ImportState.DISCARDED.value: _("Discarded"),
}
LINE_STATES = {
    LineState.NEW.value: _("New"),
    LineState.CHANGED.value: _("Changed"),
    LineState.UNCHANGED.value: _("Unchanged"),
    LineState.REFUSED.value: _("Refused"),
}


class ImportBatch(models.Model):
    """A file that a customer uploaded, kept as its preview until it is applied or discarded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    format = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=IMPORT_STATES, default=ImportState.PREVIEWED.value)
    counts = models.JSONField(default=dict)
    ignored = models.JSONField(default=list)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "id"], name="batch_tenant")]
        indexes = [models.Index(fields=["customer", "-id"], name="batch_page")]

    def __str__(self) -> str:
        return self.name


class ImportLine(models.Model):
    """One line of an import: what it holds, and what applying it would change or why it is refused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    batch = models.ForeignKey(ImportBatch, models.CASCADE, db_constraint=False, related_name="lines")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=LINE_STATES)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "batch", "number"], name="line_number"),
            TenantForeignKey(
                name="line_batch",
                fields=["customer", "batch"],
                to="licences.ImportBatch",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]
        indexes = [models.Index(fields=["batch", "state", "number"], name="line_page")]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
