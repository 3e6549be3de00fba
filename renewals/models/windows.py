"""When reminders are sent: rules that people edit, and the windows that follow from them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import TenantForeignKey, new_id
from accounts.models import Organisation
from licences.models import PROGRAMMES, Coverage
from renewals.querysets.windows import RuleQuerySet
from renewals.rules.reminders import DEFAULT, Schedule


class ReminderRule(models.Model):
    """The schedule of one programme: for everybody, for one customer, or for one coverage; the narrower counts.

    `days` are counted from the expiry (negative: before it), `warnings` before the recovery boundary, `notice` is how
    many days before the expiry one has to say that one will not go on. The boundary is that of the policy in force.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.CharField(_("programme"), max_length=2, choices=PROGRAMMES)
    customer = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    coverage = models.ForeignKey(
        Coverage, models.CASCADE, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    days = ArrayField(models.SmallIntegerField(), default=list)
    warnings = ArrayField(models.SmallIntegerField(), default=list)
    tail = models.PositiveSmallIntegerField(default=DEFAULT.tail)
    notice = models.PositiveSmallIntegerField(_("notice"), null=True)
    changed_at = models.DateTimeField()

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "coverage", "programme"], name="reminderrule_once", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["customer", "id"], name="reminderrule_tenant"),
            TenantForeignKey(
                name="reminderrule_coverage",
                fields=["customer", "coverage"],
                to="licences.Coverage",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.customer_id or ''} {self.coverage_id or ''}".strip()

    def schedule(self, *, boundary: int) -> Schedule:
        """As the rules know it."""
        return Schedule(
            days=tuple(self.days), boundary=boundary, warnings=tuple(self.warnings), tail=self.tail, notice=self.notice
        )


class ReminderWindow(models.Model):
    """A window of a rule, in days from the expiry: due from `opens` until, not on, `closes`. The sweep joins these.

    Programme, customer and coverage are the rule's own. `roles` are the standings that it reaches; `notice` is days
    from the expiry (negative).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(ReminderRule, models.CASCADE, db_constraint=False, db_index=False, related_name="windows")
    programme = models.CharField(max_length=2, choices=PROGRAMMES)
    customer = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    coverage = models.ForeignKey(
        Coverage, models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    code = models.SmallIntegerField()
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()
    is_urgent = models.BooleanField()
    roles = ArrayField(models.CharField(max_length=20))
    boundary = models.PositiveSmallIntegerField()
    notice = models.SmallIntegerField(null=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "rule", "opens"], name="reminderwindow_once", nulls_distinct=False
            ),
            TenantForeignKey(
                name="reminderwindow_rule",
                fields=["customer", "rule"],
                to="renewals.ReminderRule",
                to_fields=["customer", "id"],
                on_delete="CASCADE",
            ),
        ]
        indexes = [models.Index(fields=["rule"], name="reminderwindow_rule_idx")]

    def __str__(self) -> str:
        return f"{self.programme} {self.code:+d}"
