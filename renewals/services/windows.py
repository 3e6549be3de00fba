"""The windows that follow from the rules and from the boundary of the policy in force; the sweep joins them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from accounts.querysets import database_now
from licences.models import PROGRAMMES
from renewals.models import ReminderRule, ReminderWindow
from renewals.rules.recipients import Why, receives
from renewals.rules.reminders import DEFAULT, Schedule, Window, lasting

DAY = "coalesce(%(day)s::date, (coterm_now() at time zone 'UTC')::date)"
# Programmes without windows, and those whose windows end at another boundary than the policy of the day says.
STALE = f"""
select p.code, p.boundary
from (select c.code, coalesce((select y.boundary from renewals_renewalpolicy y
                               where y.programme = c.code and y.valid_from <= {DAY}
                               order by y.valid_from desc limit 1), %(default)s) as boundary
      from unnest(%(programmes)s::text[]) as c (code)) p
where not exists (select 1 from renewals_reminderwindow w where w.programme = p.code and w.customer_id is null)
   or exists (select 1 from renewals_reminderwindow w where w.programme = p.code and w.boundary <> p.boundary)"""


def refresh_windows(day: date) -> None:
    """Make the windows that are missing, and move those that a policy has overtaken; the worker's part."""
    for programme, boundary in stale(day):
        rules = ReminderRule.objects.filter(programme=programme)
        if not rules.general().exists():
            general_rule(programme).save(force_insert=True)
        write_windows(rules, boundary=boundary)


def stale(day: date) -> list[tuple[str, int]]:
    """The programmes to look at, with the boundary that counts on that day; one short question."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, {"day": day, **stale_parameters()})
        return [(programme, boundary) for programme, boundary in cursor.fetchall()]


def stale_parameters() -> dict[str, Any]:
    """What `STALE` asks with, beside the day."""
    return {"default": DEFAULT.boundary, "programmes": list(PROGRAMMES)}


def general_rule(programme: str) -> ReminderRule:
    """The default of a programme that has set none, not yet stored (1-product, "Reminders", D)."""
    return ReminderRule(
        programme=programme,
        days=list(DEFAULT.days),
        warnings=list(DEFAULT.warnings),
        tail=DEFAULT.tail,
        changed_at=database_now(),
    )


def write_windows(rules: Iterable[ReminderRule], *, boundary: int) -> None:
    """The windows of these rules, all of one programme, instead of those that they had."""
    rules = list(rules)
    ReminderWindow.objects.filter(rule__in=[rule.pk for rule in rules]).delete()
    ReminderWindow.objects.bulk_create(
        window for rule in rules for window in windows_of(rule, rule.schedule(boundary=boundary))
    )


def windows_of(rule: ReminderRule, schedule: Schedule) -> list[ReminderWindow]:
    """A rule's windows, not yet stored."""
    return [
        ReminderWindow(
            rule=rule,
            programme=rule.programme,
            customer_id=rule.customer_id,
            coverage_id=rule.coverage_id,
            code=each.window.code,
            opens=each.opens,
            closes=each.closes,
            is_urgent=each.window.urgent,
            roles=reached(each.window),
            boundary=schedule.boundary,
            notice=None if schedule.notice is None else -schedule.notice,
        )
        for each in lasting(schedule)
    ]


def reached(window: Window) -> list[str]:
    """The standings that a window reaches."""
    return [why.value for why in Why if receives(why, window)]
