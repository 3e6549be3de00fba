"""The sweep: which reminders are due, written into the ledger by one statement (3-tenancy, "Reminders")."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.db import connection, transaction

from accounts.models import SWEEP, JobRun
from renewals.rules.hours import leaves_at
from renewals.rules.silences import RESUMES
from renewals.services.digests import CAPPED, post_digests
from renewals.services.due import sweep_sql
from renewals.services.ledger import hush
from renewals.services.windows import refresh_windows

EARLIEST, LATEST = timezone(-timedelta(hours=12)), timezone(timedelta(hours=14))
TOUCHED_AT_ONCE = 5000
QUARTER = 15 * 60
# What has become of letters. A customer may not see an advisor's letter that speaks of other customers too.
FOLLOW = """
update renewals_reminder r
set state = case l.state when 'sending' then 'pending' when 'bounced' then 'dead' when 'delivered' then 'sent'
            when 'complained' then 'sent' else l.state end,
    leaves_at = coalesce(l.sent_at, r.leaves_at),
    reason = case l.state when 'cancelled' then left(l.reason, 40) else r.reason end
from accounts_letter l
where l.id = r.letter_id and r.state in ('pending', 'dead') and r.letter_id is not null
  and r.state <> case l.state when 'sending' then 'pending' when 'bounced' then 'dead' when 'delivered' then 'sent'
                  when 'complained' then 'sent' else l.state end"""
# A snooze that is over names its customer to the sweep by going.
WAKE = """
delete from renewals_silence z using accounts_organisation o
where o.id = z.customer_id and z.until_on < (coterm_now() at time zone o.time_zone)::date"""
QUEUE = """
select count(*), min(due_at)::text,
       (select count(*) from renewals_reminder where state = 'pending' and reason = %s)
from accounts_letter where state = 'pending' and due_at <= coterm_now()"""
HURRY = "update renewals_reminder set leaves_at = coterm_now() where state = 'pending' and letter_id is null"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: new reminders that wait to be sent, new letters."""

    reminders: int
    letters: int


@transaction.atomic
def sweep(*, today: date | None = None) -> Swept:
    """Write what has fallen due since the last sweep, and post the digests whose time has come.

    A second sweep waits for the first and adds nothing. With `today` every customer is looked at as of that day,
    and what waits is posted at once, whatever the hour.
    """
    now = begin()
    refresh_windows(today or now.date())
    reminders = sweep_as_of(now, today) if today else sweep_turned(now) + sweep_touched(now)
    write(FOLLOW)
    letters = post_digests(now, today=today)
    if not today:
        note_run(now, reminders=reminders, letters=letters)
    return Swept(reminders, letters)


def begin() -> datetime:
    """One sweep at a time; the instant by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [SWEEP])
        cursor.execute("select coterm_now()")
        now: datetime = cursor.fetchall()[0][0]
    return now.astimezone(UTC)


def sweep_as_of(now: datetime, today: date) -> int:
    """Every customer as of that day; whatever waits for its hour may leave now."""
    count = insert(now, today=today)
    write(HURRY)
    return count


def sweep_turned(now: datetime) -> int:
    """Windows that opened since the last sweep, because a new day has begun for the customer."""
    last = JobRun.objects.filter(name=SWEEP).values_list("ran_at", flat=True).first()
    turned = turned_zones(last, now) if last else []
    if turned:
        write(WAKE)
    return insert(now, since=last, turned=turned) if turned else 0


def turned_zones(last: datetime, now: datetime) -> list[str]:
    """The zones in which a new day has begun; all offsets are quarters of an hour, so between two there is none."""
    if int(last.timestamp()) // QUARTER == int(now.timestamp()) // QUARTER:
        return []
    return [name for name, zone in zones() if now.astimezone(zone).date() > last.astimezone(zone).date()]


def sweep_touched(now: datetime) -> int:
    """Every due window of the customers whose coverages, people or advisors have changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from renewals_touched where id in (select id from renewals_touched limit %s) returning customer_id",
            [TOUCHED_AT_ONCE],
        )
        customers = {customer for (customer,) in cursor.fetchall()}
    if not customers:
        return 0
    hush(list(customers))
    return insert(now, customers=list(customers))


def insert(
    now: datetime,
    *,
    today: date | None = None,
    since: datetime | None = None,
    turned: list[str] | None = None,
    customers: list[UUID] | None = None,
) -> int:
    """Run the one statement; returns how many reminders now wait. Without arguments it looks at every customer."""
    scope = "turned" if turned else "customers" if customers else "all"
    parameters = {
        "today": today,
        "since": since,
        "first": since and since.astimezone(EARLIEST).date(),
        "last": now.astimezone(LATEST).date(),
        "turned": turned,
        "customers": customers,
        "resumes": list(RESUMES),
        **leaving(now, at_once=today is not None),
    }
    with connection.cursor() as cursor:
        cursor.execute(sweep_sql(scope), parameters)
        return int(cursor.fetchall()[0][0])


def write(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def note_run(now: datetime, **details: int) -> None:
    """From here the next sweep goes on; pages and `/healthz` warn when it grows old."""
    run = JobRun(name=SWEEP, ran_at=now, details={**details, **queue()})
    JobRun.objects.bulk_create(
        [run], update_conflicts=True, unique_fields=["name"], update_fields=["ran_at", "details"]
    )


def queue() -> dict[str, Any]:
    """How many letters are due and not sent, since when the oldest waits, and how many rows wait for another day."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, [CAPPED])
        return dict(zip(("waiting", "oldest_at", "capped"), cursor.fetchall()[0], strict=True))


def leaving(now: datetime, *, at_once: bool) -> dict[str, Any]:
    """When an urgent and a calm row may leave, for each time zone that a reader may live in."""
    local = [(name, now.astimezone(zone)) for name, zone in zones()]
    return {
        "zones": [name for name, _ in local],
        "urgent": [now if at_once else leaves_at(urgent=True, now=here) for _, here in local],
        "calm": [now if at_once else leaves_at(urgent=False, now=here) for _, here in local],
    }


@cache
def zones() -> tuple[tuple[str, ZoneInfo], ...]:
    """Every time zone there is."""
    return tuple((name, ZoneInfo(name)) for name in sorted(available_timezones()) if name != "localtime")
