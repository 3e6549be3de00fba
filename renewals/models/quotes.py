"""Quotes, and their lines with the arithmetic that led to each amount."""

from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models import PROGRAMMES, Coverage
from renewals.querysets.quotes import LineQuerySet, QuoteQuerySet
from renewals.rules.lines import Kind
from renewals.rules.quotes import LONGEST_NOTE, State

QUOTE_STATES = {
    State.DRAFT.value: pgettext_lazy("quote", "Draft"),
    State.SUBMITTED.value: pgettext_lazy("quote", "Waiting for an answer"),
    State.ACCEPTED.value: pgettext_lazy("quote", "Accepted"),
    State.DECLINED.value: pgettext_lazy("quote", "Declined"),
    State.WITHDRAWN.value: pgettext_lazy("quote", "Withdrawn"),
    State.EXPIRED.value: pgettext_lazy("quote", "Expired"),
    State.CANCELLED.value: pgettext_lazy("quote", "Cancelled"),
    State.FULFILLED.value: pgettext_lazy("quote", "Renewed"),
}
LINE_KINDS = {
    Kind.RENEWAL.value: _("Renewal"),
    Kind.REINSTATEMENT.value: _("Reinstatement"),
    Kind.REINSTATEMENT_FEE.value: _("Reinstatement fee"),
    Kind.REINSTATEMENT_CAP.value: _("Reinstatement cap"),
    Kind.RECOVERY.value: _("Recovery"),
}


class Quote(models.Model):
    """What an organisation offers a customer: prices of one day, which acceptance never recalculates.

    `organisation` is the author's: the customer's own, or an advisor's. `valid_until` is the last day of acceptance,
    in the customer's zone; `ends_on` is None where the lines have dates of their own. `coverages` holds the ids of all
    lines' coverages, once each: the policies read it. `inputs` are those of `mode`, so that the quote can be
    recalculated; `basis` holds the prices, policies, minor units and discount that were used. `totals` are by currency,
    decimals as text. `is_partial`: its author sees only what was shared with it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=QUOTE_STATES, default=State.DRAFT.value)
    coverages = ArrayField(models.UUIDField())
    priced_on = models.DateField(_("priced on"))
    valid_until = models.DateField(_("valid until"))
    ends_on = models.DateField(_("new expiry date"), null=True)
    mode = models.CharField(max_length=12)
    inputs = models.JSONField(default=dict)
    basis = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    notes = models.TextField(_("notes"), max_length=LONGEST_NOTE, blank=True)
    is_partial = models.BooleanField(default=False)
    replaces_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    submitted_by_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "id"], name="quote_tenant"),
            models.UniqueConstraint(fields=["customer", "organisation", "id"], name="quote_author"),
            models.CheckConstraint(condition=models.Q(coverages__len__gt=0), name="quote_covers"),
            models.CheckConstraint(condition=models.Q(valid_until__gte=models.F("priced_on")), name="quote_forward"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="quote_page"),
            models.Index(fields=["customer", "state", "-id"], name="quote_state_page"),
            models.Index(fields=["organisation", "-id"], name="quote_author_page"),
            models.Index(fields=["organisation", "state", "-id"], name="quote_author_state_page"),
            models.Index(fields=["valid_until"], condition=models.Q(state="submitted"), name="quote_expires"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people call it: from the random part of the id, so that it tells nobody how many quotes there are."""
        return f"Q-{str(self.pk)[-8:].upper()}"

    @property
    def money(self) -> dict[str, Decimal]:
        """The totals by currency."""
        return {currency: Decimal(amount) for currency, amount in sorted(self.totals.items())}


class QuoteLine(models.Model):
    """One line, with what it rested on, as it was on the pricing day.

    `owned` and `expires_on` are the coverage's own quantity and last day then; `quantity` is what is priced. The period
    runs from the day after `after_on` through `ends_on`. `years` is exact: "181/365". `parts` are those of
    `rules.lines.Line`, factors as exact text. `held`: the line of cover of an accepted quote that is not fulfilled yet.
    `coverage` is None once the coverage was removed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    quote = models.ForeignKey(Quote, models.CASCADE, db_constraint=False, db_index=False, related_name="lines")
    number = models.PositiveIntegerField()
    coverage = models.ForeignKey(Coverage, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=LINE_KINDS)
    product = models.CharField(_("product"), max_length=200)
    programme = models.CharField(_("programme"), max_length=2, choices=PROGRAMMES)
    serial = models.CharField(_("serial or licence number"), max_length=120, blank=True)
    owned = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField(_("quantity"))
    expires_on = models.DateField(_("expires on"))
    after_on = models.DateField()
    ends_on = models.DateField(_("new expiry date"))
    years = models.CharField(max_length=40)
    unit_price = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    parts = models.JSONField(default=list)
    back = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    held = models.BooleanField(default=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "quote", "number"], name="quoteline_number"),
            models.UniqueConstraint(
                fields=["customer", "coverage"], condition=models.Q(held=True), name="quoteline_held_once"
            ),
            TenantForeignKey(
                name="quoteline_quote",
                fields=["customer", "organisation", "quote"],
                to="renewals.Quote",
                to_fields=["customer", "organisation", "id"],
                on_delete="CASCADE",
            ),
            TenantForeignKey(
                name="quoteline_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="SET NULL (coverage_id)",
            ),
        ]
        indexes = [models.Index(fields=["quote", "number"], name="quoteline_page")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    @property
    def covered(self) -> UUID:
        """The id of its coverage; raises ValueError once that was removed."""
        if self.coverage_id is None:
            raise ValueError("The coverage was removed.")
        return self.coverage_id
