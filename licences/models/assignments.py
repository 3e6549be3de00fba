"""Assignments: what a customer lets a firm see and do."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from accounts.rules import AccessLevel
from advisors.models import Contact
from licences.models.approaches import Approach
from licences.models.levels import LEVELS, SCOPES
from licences.models.ownership import Coverage
from licences.querysets import AssignmentQuerySet, CustomerQuerySet
from licences.rules import Scope, Side, Status

STATUSES = {
    Status.DRAFT.value: _("Draft"),
    Status.DISCARDED.value: _("Discarded"),
    Status.REQUESTED.value: _("Requested"),
    Status.DECLINED.value: _("Declined"),
    Status.WITHDRAWN.value: _("Withdrawn"),
    Status.LAPSED.value: _("Lapsed"),
    Status.ACTIVE.value: _("Active"),
    Status.SUSPENDED.value: pgettext_lazy("state", "Paused"),
    Status.EXPIRED.value: _("Ended"),
    Status.REVOKED.value: _("Removed"),
    Status.RESIGNED.value: _("Given up"),
}
SIDES = {Side.CUSTOMER.value: _("Customer"), Side.PROGRAMME.value: _("Programme")}


class Assignment(models.Model):
    """A customer's grant to a firm: scope, level and end, inclusive in the customer's zone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    advisor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="assignments")
    scope = models.CharField(_("scope"), max_length=8, choices=SCOPES, default=Scope.SELECTED.value)
    level = models.PositiveSmallIntegerField(_("access level"), choices=LEVELS, default=AccessLevel.VIEW.value)
    status = models.CharField(_("status"), max_length=10, choices=STATUSES, default=Status.DRAFT.value)
    ends_on = models.DateField(_("ends on"))
    auto_extend = models.BooleanField(_("extend once by itself"), default=False)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    suspended_by = models.CharField(max_length=10, choices=SIDES, blank=True, default="")
    activated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    approach = models.ForeignKey(Approach, models.PROTECT, null=True, db_index=False, related_name="assignments")
    reply = models.TextField(max_length=500, blank=True, default="")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "id"], name="assignment_tenant"),
            models.UniqueConstraint(
                fields=["customer", "advisor"],
                condition=models.Q(scope="all", status="active"),
                name="assignment_one_all",
            ),
            models.CheckConstraint(condition=~models.Q(customer=models.F("advisor")), name="assignment_not_self"),
            models.CheckConstraint(condition=models.Q(level__in=[1, 2, 3]), name="assignment_level"),
            models.CheckConstraint(
                condition=~models.Q(auto_extend=True, level=AccessLevel.RENEW.value, scope="all"),
                name="assignment_extends",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "advisor", "status"], name="assignment_pair"),
            models.Index(fields=["advisor", "status", "ends_on"], name="assignment_advisor"),
            models.Index(fields=["ends_on"], condition=models.Q(status="active"), name="assignment_ends"),
            models.Index(fields=["approach"], condition=models.Q(status="requested"), name="assignment_requested"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.level} {self.status}"


class Picked(models.Model):
    """A coverage that an assignment names."""

    pk = models.CompositePrimaryKey("assignment_id", "coverage_id")
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.CASCADE, db_constraint=False, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, related_name="+")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


def picked_constraints(name: str) -> list[models.BaseConstraint]:
    """The two keys that hold a picked coverage to one customer."""
    return [
        TenantForeignKey(
            name=f"{name}_{field}",
            fields=["customer", field],
            to=f"licences.{field.capitalize()}",
            to_fields=["customer", "id"],
            on_delete="CASCADE",
        )
        for field in ("assignment", "coverage")
    ]


class Selection(Picked):
    """A coverage ticked for an assignment of scope *selected*."""

    class Meta:
        constraints = picked_constraints("selection")


class Exclusion(Picked):
    """A coverage left out of an assignment of scope *all*."""

    class Meta:
        constraints = picked_constraints("exclusion")
