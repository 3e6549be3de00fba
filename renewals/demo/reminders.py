"""What the demo's people were told in the last weeks, as the ledger of a place that has run for longer has it."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Membership
from licences.models import Assignment
from renewals.demo.draws import demo_id
from renewals.demo.rows import add
from renewals.models import Reminder
from renewals.rules.hours import leaves_at
from renewals.rules.reminders import Sort, sort_of
from renewals.services.sweep import sweep_as_of
from renewals.services.windows import refresh_windows

WEEKS = timedelta(weeks=6)


def load_reminders(now: datetime) -> None:
    """Every window that another has followed since was told on its day, to whoever is in charge now.

    The windows that are open are left to the first sweep, which writes to their readers.
    """
    if Reminder.objects.exists():
        return
    refresh_windows(now.date())
    sweep_as_of(now, now.date())
    passed = list(Reminder.objects.filter(state="superseded").order_by("id"))
    Reminder.objects.all().delete()
    add(Reminder, _told(passed, now))


def _told(passed: list[Reminder], now: datetime) -> Iterator[Reminder]:
    zones, begun = _zones(), _begun()
    for row in passed:
        zone = ZoneInfo(zones.get(row.organisation_id, "UTC"))
        opened = datetime.combine(row.expires_on + timedelta(row.window), time(), zone)
        at = leaves_at(urgent=row.is_urgent, now=opened)
        if _is_plain(row) and now - WEEKS < at < now and begun.get((row.customer_id, row.organisation_id), at) <= at:
            row.id = demo_id("reminder", row.coverage_id, row.window, row.recipient_id, at=at)
            row.state, row.leaves_at, row.created_at = "sent", at, at
            yield row


def _is_plain(row: Reminder) -> bool:
    """Counted from the expiry, and not from a notice or a boundary."""
    return sort_of(row.window) in (Sort.AHEAD, Sort.LAPSED)


def _zones() -> dict[UUID, str]:
    """A time zone of each organisation's people."""
    return dict(Membership.objects.order_by("id").values_list("organisation", "user__time_zone"))


def _begun() -> dict[tuple[UUID, UUID], datetime]:
    """Since when each firm looks after each customer."""
    grants = Assignment.objects.filter(activated_at__isnull=False).order_by("-activated_at")
    return {(grant.customer_id, grant.advisor_id): grant.activated_at for grant in grants if grant.activated_at}
