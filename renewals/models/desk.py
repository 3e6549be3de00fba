"""An advisor's notes and saved views."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from accounts.models import Organisation
from renewals.querysets.desk import NoteQuerySet, ViewQuerySet


class CustomerNote(models.Model):
    """An advisor's next step with a customer; the customer never sees it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author_id = models.UUIDField()
    text = models.TextField(_("next step"), max_length=1000)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "customer", "-id"], name="note_page")]

    def __str__(self) -> str:
        return self.text[:40]


class SavedView(models.Model):
    """A named set of portfolio filters: nothing but a query string."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author_id = models.UUIDField()
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="view_name")]

    def __str__(self) -> str:
        return self.name
