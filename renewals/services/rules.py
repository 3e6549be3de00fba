"""When reminders are sent: the programme's own windows, a customer's, a coverage's (1-product, "Reminders")."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Kind, Power
from renewals.models import ReminderRule, ReminderWindow
from renewals.rules.policy import DEFAULT
from renewals.rules.reminders import Schedule
from renewals.services.bases import boundaries_on
from renewals.services.calendar import forecast
from renewals.services.windows import write_windows


@dataclass(frozen=True, slots=True)
class Place:
    """Whose rule it is: a programme's for everybody, a customer's, or a coverage's."""

    programme: str
    customer: UUID | None = None
    coverage: UUID | None = None

    def where(self) -> dict[str, UUID | str | None]:
        """The columns that find it."""
        return {"programme": self.programme, "customer_id": self.customer, "coverage_id": self.coverage}


def place_of(actor: Actor, programme: str, *, coverage: UUID | None = None) -> Place:
    """Where the actor's own rule stands; a programme's manager keeps the general ones."""
    return Place(programme, actor.organisation_id if actor.kind is Kind.CUSTOMER else None, coverage)


def schedule_at(place: Place) -> Schedule:
    """What counts there: its own rule, else its customer's, else the programme's, else the default."""
    wider = [place, Place(place.programme, place.customer), Place(place.programme)]
    found = (ReminderRule.objects.filter(**each.where()).first() for each in wider)
    rule = next((each for each in found if each), None)
    return rule.schedule(boundary=DEFAULT.boundary) if rule else Schedule()


@transaction.atomic
def set_rule(actor: Actor, place: Place, schedule: Schedule, *, today: date) -> None:
    """Follow this schedule from the next sweep on; its boundary stays the policy's. Raises Forbidden."""
    require(actor, Power.SET_REMINDERS)
    boundary = boundaries_on(today)[place.programme]
    rule = ReminderRule.objects.filter(**place.where()).first() or ReminderRule(**place.where())
    rule.days, rule.warnings = sorted(schedule.days), sorted(schedule.warnings, reverse=True)
    rule.tail, rule.notice, rule.changed_at = schedule.tail, schedule.notice, database_now()
    rule.save()
    write_windows([rule], boundary=boundary)
    audit.record(actor, "reminder.rules", organisations=[actor.organisation_id], subject_id=place.coverage)


@transaction.atomic
def drop_rule(actor: Actor, place: Place) -> None:
    """Follow the wider rule again; the general one of a programme is never dropped. Raises Forbidden."""
    require(actor, Power.SET_REMINDERS)
    if place.customer is None:
        return
    ReminderWindow.objects.filter(**place.where()).delete()
    gone, _ = ReminderRule.objects.filter(**place.where()).delete()
    if gone:
        audit.record(actor, "reminder.rules", organisations=[actor.organisation_id], subject_id=place.coverage)


def effect(actor: Actor, place: Place, schedule: Schedule, *, today: date) -> tuple[dict[int, int], dict[int, int]]:
    """How many reminders the next 90 days bring by window, before and after; tried, and undone."""
    before = forecast(actor, today=today)
    with transaction.atomic():
        set_rule(actor, place, schedule, today=today)
        after = forecast(actor, today=today)
        transaction.set_rollback(True)
    return before, after
