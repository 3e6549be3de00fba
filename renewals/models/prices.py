"""Price schedules: a programme's versions, and the price of every product, term, band and currency in each."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from licences.models import PROGRAMMES, Product
from renewals.querysets.prices import PriceQuerySet, ScheduleQuerySet

SCHEDULE_STATES = {"draft": _("Draft"), "published": _("Published"), "replaced": _("Replaced")}
LONGEST_MONTHS = 120
LARGEST_QUANTITY = 10_000_000


class PriceSchedule(models.Model):
    """One version of a programme's prices, in force from `valid_from` through `valid_to`, both inclusive.

    `planned_to` is the end that was asked for; `valid_to` lies before it where the next version begins earlier.
    `refused` are the lines of the file from which the draft came that could not be read (imports.prices).
    The database refuses two published versions of a programme on one day, and any change of a published one but its
    end (sql/prices.sql): what was quoted stays what it was. A correction is a new version; one that is published on the
    first day of another takes its place for that day, and the other is kept as *replaced*, which counts no more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.CharField(_("programme"), max_length=2, choices=PROGRAMMES)
    state = models.CharField(max_length=10, choices=SCHEDULE_STATES, default="draft")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    planned_to = models.DateField(_("valid through"), null=True, blank=True)
    note = models.CharField(_("what changes"), max_length=200, blank=True)
    refused = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(valid_from__isnull=False, published_at__isnull=False),
                name="priceschedule_begins",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="priceschedule_forward"
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "valid_from"], name="priceschedule_versions")]

    def __str__(self) -> str:
        return f"{self.programme} {self.state} {self.valid_from}"


class Price(models.Model):
    """What one seat costs for a term of `months`, net of tax; quantities are inclusive, `qty_max` None has no end.

    Exact to six decimals, so that a price may lie below the currency's minor unit. No two prices of a version share
    product, currency, term and a quantity (sql/prices.sql).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    schedule = models.ForeignKey(PriceSchedule, models.CASCADE, db_index=False, related_name="prices")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    currency = models.CharField(_("currency"), max_length=3)
    months = models.PositiveSmallIntegerField(_("term in months"))
    qty_min = models.PositiveIntegerField(_("quantity from"), default=1)
    qty_max = models.PositiveIntegerField(_("quantity to"), null=True, blank=True)
    amount = models.DecimalField(_("price"), max_digits=16, decimal_places=6)

    objects = PriceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=LONGEST_MONTHS), name="price_months"),
            models.CheckConstraint(
                condition=Q(qty_min__gte=1) & (Q(qty_max=None) | Q(qty_max__gte=F("qty_min"))), name="price_band"
            ),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="price_currency"),
        ]
        indexes = [models.Index(fields=["schedule", "product", "currency", "months", "qty_min"], name="price_listed")]

    def __str__(self) -> str:
        return f"{self.months} {self.currency} {self.amount}"
