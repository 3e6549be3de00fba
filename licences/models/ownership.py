"""What a customer owns: licences of products, their coverages and the terms that were bought."""

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.querysets import CoverageQuerySet, LicenceQuerySet, ProductQuerySet, TermQuerySet
from licences.rules import Programme

PROGRAMMES = {
    Programme.SUBSCRIPTION_ADVANTAGE.value: _("Subscription Advantage"),
    Programme.APPLIANCE_MAINTENANCE.value: _("Appliance maintenance"),
    Programme.HARDWARE_WARRANTY.value: _("Hardware warranty"),
    Programme.ACCESS_SUBSCRIPTION.value: _("Access subscription"),
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
    """One bought stretch of a coverage, both days inclusive: its history.

    `amount` is what it cost where an order bought it, fee and reductions included; `order_number` is that order's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coverage = models.ForeignKey(Coverage, models.CASCADE, db_constraint=False, related_name="terms")
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    quantity = models.PositiveIntegerField(_("quantity"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    order_number = models.CharField(_("order"), max_length=40, blank=True, default="")
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
