"""The sweep: which reminders are due, written into the ledger by one statement (3-tenancy, "Reminders")."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from accounts.models import SWEEP
from accounts.plans import kept
from renewals.rules.hours import leaves_at
from renewals.rules.silences import RESUMES
from renewals.services.digests import post_digests
from renewals.services.due import sweep_sql
from renewals.services.ledger import hush
from renewals.services.series import OPENING
from renewals.services.windows import STALE, refresh_windows, stale_parameters

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
# Whoever was touched many times is looked at once: the statements that follow see what each of the rows speaks of.
TAKE = """
delete from renewals_touched where customer_id in (select distinct customer_id from renewals_touched limit %s)
returning customer_id"""
HURRY = "update renewals_reminder set leaves_at = coterm_now() where state = 'pending' and letter_id is null"
# Nobody waits for the disk where nothing was done: a crash loses no more than the time of a sweep.
LOCK = "select pg_advisory_xact_lock(hashtext(%(sweep)s)), set_config('synchronous_commit', 'off', true)"
LASTING = "set local synchronous_commit to default"
NOTE = """
insert into accounts_jobrun (name, ran_at, details)
select %(sweep)s, %(now)s, %(details)s || jsonb_build_object(
    'waiting', count(*), 'oldest_at', min(due_at)::text,
    -- Because their reader's address has had its mails of the day.
    'capped', (select count(*) from renewals_reminder where state = 'pending' and reason = 'capped'))
from accounts_letter where state = 'pending' and due_at <= coterm_now()
on conflict (name) do update set ran_at = excluded.ran_at, details = excluded.details"""
# What a sweep has to do, in one question: most have nothing to do, and none of these looks at a coverage.
WORK = f"""
select coterm_now(), (select ran_at from accounts_jobrun where name = %(sweep)s),
       exists ({STALE}),
       exists (select 1 from renewals_touched),
       exists (select 1 from renewals_reminder where state in ('pending', 'dead') and letter_id is not null),
       exists (select 1 from renewals_reminder
               where state = 'pending' and letter_id is null and leaves_at <= coterm_now())"""


@dataclass(frozen=True, slots=True)
class Work:
    """What has changed since the sweep at `last`: days, windows, customers, letters, readers whose time has come."""

    now: datetime
    last: datetime | None
    turned: dict[str, tuple[date, date]]
    windows: bool
    touched: bool
    lettered: bool
    ready: bool

    @property
    def found(self) -> bool:
        """Whether there is anything to do at all."""
        return any((self.turned, self.windows, self.touched, self.lettered, self.ready))


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
    work = begin(today)
    if today or work.found:
        write(LASTING)
    if work.windows:
        refresh_windows(today or work.now.date())
    reminders = sweep_as_of(work.now, today) if today else sweep_turned(work) + sweep_touched(work)
    if work.lettered:
        write(FOLLOW)
    letters = post_digests(work.now, today=today) if work.ready or reminders or today else 0
    if not today:
        note_run(work.now, reminders=reminders, letters=letters)
    return Swept(reminders, letters)


def begin(today: date | None = None) -> Work:
    """One sweep at a time; what there is to do once the one before has ended, by the database's clock."""
    # By itself: what the sweep before has done is seen only by a statement that starts after the lock.
    kept(LOCK, {"sweep": SWEEP})
    ((now, last, *found),) = kept(WORK, {"sweep": SWEEP, "day": today, **stale_parameters()})
    return Work(now.astimezone(UTC), last, turned_zones(last, now) if last else {}, *found)


def sweep_as_of(now: datetime, today: date) -> int:
    """Every customer as of that day; whatever waits for its hour may leave now."""
    count = insert("all", now, today=today, at_once=True)
    write(HURRY)
    return count


def sweep_turned(work: Work) -> int:
    """Windows that opened since the last sweep, because a new day has begun for the customer."""
    if not work.turned:
        return 0
    write(WAKE)
    befores, todays = zip(*work.turned.values(), strict=True)
    days: dict[str, Any] = {"turned": list(work.turned), "befores": list(befores), "todays": list(todays)}
    with connection.cursor() as cursor:
        cursor.execute(OPENING, days)
        opening = [expires_on for (expires_on,) in cursor.fetchall()]
    return insert("turned", work.now, opening=opening, **days)


def turned_zones(last: datetime, now: datetime) -> dict[str, tuple[date, date]]:
    """The zones in which a new day has begun, with their days at both instants.

    All offsets are quarters of an hour, so between two there is none.
    """
    if int(last.timestamp()) // QUARTER == int(now.timestamp()) // QUARTER:
        return {}
    days = {name: (last.astimezone(zone).date(), now.astimezone(zone).date()) for name, zone in zones()}
    return {name: (before, today) for name, (before, today) in days.items() if today > before}


def sweep_touched(work: Work) -> int:
    """Every due window of the customers whose coverages, people or advisors have changed."""
    if not (work.touched or work.turned or work.windows):  # a snooze that ends, or another window, touches as well
        return 0
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [TOUCHED_AT_ONCE])
        customers = {customer for (customer,) in cursor.fetchall()}
    if not customers:
        return 0
    hush(list(customers))
    return insert("customers", work.now, customers=list(customers))


def insert(scope: str, now: datetime, *, at_once: bool = False, **which: Any) -> int:
    """Run the one statement for that scope (`services.due`); returns how many reminders now wait."""
    parameters = {"today": None, "resumes": list(RESUMES), **which, **leaving(now, at_once=at_once)}
    with connection.cursor() as cursor:
        cursor.execute(sweep_sql(scope), parameters)
        return int(cursor.fetchall()[0][0])


def write(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def note_run(now: datetime, **details: int) -> None:
    """From here the next sweep goes on; pages and `/healthz` warn when it grows old."""
    kept(NOTE, {"sweep": SWEEP, "now": now, "details": Jsonb(details)})


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
