"""What a customer's purchasing department has to know of the programme, version by version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from accounts.models import Organisation
from renewals.querysets.suppliers import SupplierQuerySet


class SupplierDetails(models.Model):
    """One version of the supplier form; the newest counts, and none is ever rewritten."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    legal_name = models.CharField(_("legal name"), max_length=200)
    address = models.TextField(_("address"), max_length=400)
    country = models.CharField(_("country"), max_length=2)
    company_number = models.CharField(_("company registration number"), max_length=80, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=80, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=40, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    account_holder = models.CharField(_("account holder"), max_length=200, blank=True)
    bank_name = models.CharField(_("bank"), max_length=200, blank=True)
    account_number = models.CharField(_("IBAN or account number"), max_length=60, blank=True)
    bank_code = models.CharField(_("BIC or bank code"), max_length=40, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=200, blank=True)
    orders_name = models.CharField(_("contact for orders"), max_length=120, blank=True)
    orders_email = models.EmailField(_("e-mail for orders"), blank=True)
    orders_phone = models.CharField(_("telephone for orders"), max_length=40, blank=True)
    accounts_name = models.CharField(_("contact for invoices"), max_length=120, blank=True)
    accounts_email = models.EmailField(_("e-mail for invoices"), blank=True)
    accounts_phone = models.CharField(_("telephone for invoices"), max_length=40, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="supplier_version")]

    def __str__(self) -> str:
        return f"{self.legal_name} {self.version}"
