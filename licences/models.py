"""Products, licences and their coverages; assignments, and the visibility that follows from them."""

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from accounts.rules import AccessLevel
from advisors.models import Contact
from licences.querysets import (
    AssignmentQuerySet,
    CoverageQuerySet,
    CustomerQuerySet,
    CustomerVisibilityQuerySet,
    LicenceQuerySet,
    ProductQuerySet,
    TermQuerySet,
    VisibilityQuerySet,
)
from licences.rules import ImportState, LineState, Programme, Scope, Status

PROGRAMMES = {
    Programme.SUBSCRIPTION_ADVANTAGE.value: _("Subscription Advantage"),
    Programme.APPLIANCE_MAINTENANCE.value: _("Appliance maintenance"),
    Programme.HARDWARE_WARRANTY.value: _("Hardware warranty"),
    Programme.ACCESS_SUBSCRIPTION.value: _("Access subscription"),
}
LEVELS = {
    AccessLevel.VIEW.value: _("View"),
    AccessLevel.QUOTE.value: _("Quote"),
    AccessLevel.RENEW.value: _("Renew"),
}
SCOPES = {Scope.SELECTED.value: _("Selected licences"), Scope.ALL.value: _("All licences, future ones included")}
STATUSES = {
    Status.DRAFT.value: _("Draft"),
    Status.DISCARDED.value: _("Discarded"),
    Status.REQUESTED.value: _("Requested"),
    Status.DECLINED.value: _("Declined"),
    Status.WITHDRAWN.value: _("Withdrawn"),
    Status.LAPSED.value: _("Lapsed"),
    Status.ACTIVE.value: _("Active"),
    Status.SUSPENDED.value: _("Suspended"),
    Status.EXPIRED.value: _("Ended"),
    Status.REVOKED.value: _("Removed"),
    Status.RESIGNED.value: _("Given up"),
}
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


class Product(models.Model):
    """Something that is licensed: in the programme's catalogue, or named by one customer's import."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("product"), max_length=200)
    manufacturer = models.CharField(_("manufacturer"), max_length=120, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "name"], name="product_name", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.name


class Licence(models.Model):
    """A right to use a product, bought by a customer; what keeps it current are its coverages."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    serial = models.CharField(_("serial or licence number"), max_length=120, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    bought_on = models.DateField(_("bought on"), null=True, blank=True)
    order_number = models.CharField(_("order number"), max_length=120, blank=True)
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    import_key = models.CharField(max_length=64, null=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "id"], name="licence_tenant"),
            models.UniqueConstraint(fields=["customer", "import_key"], name="licence_import_key"),
        ]
        indexes = [models.Index("customer", Upper("serial"), name="licence_serial")]

    def __str__(self) -> str:
        return f"{self.product} {self.serial}".strip()


class Coverage(models.Model):
    """One programme's cover of a licence, in force through `expires_on`, inclusive, in the customer's zone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.CASCADE, db_constraint=False, related_name="coverages")
    programme = models.CharField(_("programme"), max_length=2, choices=PROGRAMMES)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "id"], name="coverage_tenant"),
            models.UniqueConstraint(fields=["customer", "licence", "programme"], name="coverage_programme"),
            TenantForeignKey(
                name="coverage_licence",
                fields=["customer", "licence"],
                to="licences.Licence",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.expires_on}"


class CoverageTerm(models.Model):
    """One bought stretch of a coverage, both days inclusive: its history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, related_name="terms")
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    quantity = models.PositiveIntegerField(_("quantity"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="term_forward"),
            TenantForeignKey(
                name="term_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"


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
    message = models.TextField(_("message"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

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
        ]
        indexes = [
            models.Index(fields=["customer", "advisor", "status"], name="assignment_pair"),
            models.Index(fields=["advisor", "status", "ends_on"], name="assignment_advisor"),
            models.Index(fields=["ends_on"], condition=models.Q(status="active"), name="assignment_ends"),
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


class Visibility(models.Model):
    """Who may see which coverage, the owner included, with what lists sort by. Written by triggers alone."""

    pk = models.CompositePrimaryKey("coverage_id", "organisation_id")
    coverage = models.ForeignKey(Coverage, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    assignment = models.ForeignKey(
        Assignment, models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    expires_on = models.DateField()
    programme = models.CharField(max_length=2, choices=PROGRAMMES)
    quantity = models.PositiveIntegerField()
    access_level = models.PositiveSmallIntegerField()
    valid_until = models.DateTimeField()

    objects = VisibilityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "expires_on", "coverage"], include=["valid_until"], name="visibility_page"
            ),
            models.Index(
                fields=["organisation", "customer", "expires_on", "coverage"],
                include=["valid_until"],
                name="visibility_customer",
            ),
            models.Index(
                fields=["expires_on"], include=["organisation", "coverage", "valid_until"], name="visibility_sweep"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coverage_id} for {self.organisation_id}"


class CustomerVisibility(models.Model):
    """Which organisation may see that a customer exists, and its people. Written by triggers alone."""

    pk = models.CompositePrimaryKey("organisation_id", "customer_id")
    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(Organisation, models.DO_NOTHING, db_constraint=False, related_name="+")
    valid_until = models.DateTimeField()

    objects = CustomerVisibilityQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.customer_id} for {self.organisation_id}"


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
