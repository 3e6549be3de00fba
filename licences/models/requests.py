"""What a firm asks a customer for, beside what it has been given."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models.assignments import Assignment
from licences.models.levels import LEVELS
from licences.querysets import AccessRequestQuerySet
from licences.rules import Answer

ANSWERS = {
    Answer.WAITING.value: _("Waiting"),
    Answer.GRANTED.value: _("Granted"),
    Answer.DECLINED.value: _("Declined"),
    Answer.WITHDRAWN.value: _("Withdrawn"),
    Answer.LAPSED.value: _("Lapsed"),
}


class AccessRequest(models.Model):
    """A firm asks for a higher level, or a later end (inclusive in the customer's zone), of an assignment in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    advisor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.CASCADE, db_constraint=False, related_name="requests")
    level = models.PositiveSmallIntegerField(_("access level"), choices=LEVELS)
    ends_on = models.DateField(_("ends on"))
    message = models.TextField(_("message"), max_length=1000, blank=True)
    reply = models.TextField(max_length=500, blank=True, default="")
    answer = models.CharField(max_length=10, choices=ANSWERS, default=Answer.WAITING.value)
    asked_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            TenantForeignKey(
                name="accessrequest_assignment",
                fields=["customer", "assignment"],
                to="licences.Assignment",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
            models.UniqueConstraint(
                fields=["customer", "assignment"],
                condition=models.Q(answer="waiting"),
                name="accessrequest_one_waiting",
            ),
            models.CheckConstraint(condition=models.Q(level__in=[1, 2, 3]), name="accessrequest_level"),
        ]
        indexes = [
            models.Index(fields=["customer", "answer", "created_at"], name="accessrequest_waiting"),
            models.Index(fields=["created_at"], condition=models.Q(answer="waiting"), name="accessrequest_lapses"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.answer}"
