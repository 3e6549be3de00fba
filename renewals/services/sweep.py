"""The sweep: which reminders are due, written into the ledger by one statement (3-tenancy, "Reminders")."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from accounts.models import SWEEP
from accounts.plans import kept
from renewals.rules.silences import RESUMES
from renewals.services.digests import post_digests
from renewals.services.due import sweep_sql
from renewals.services.ledger import hush
from renewals.services.series import OPENING
from renewals.services.windows import STALE, refresh_windows, stale_parameters
from renewals.services.zones import leaving, turned_zones

TOUCHED_AT_ONCE = 5000
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
# Kept plans are for any values: none of these asks for a span of days, whose length would decide how to look for it.
LOCK = """
select pg_advisory_xact_lock(hashtext(%(sweep)s)), set_config('synchronous_commit', 'off', true),
       set_config('plan_cache_mode', 'force_generic_plan', true)"""
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
    ((here, opening, ruled),) = kept(OPENING, begun(work.turned))
    days = begun({zone: work.turned[zone] for zone in here})
    return insert_turned(work.now, ruled=ruled, opening=opening, **days) if here else 0


def begun(turned: dict[str, tuple[date, date]]) -> dict[str, list[Any]]:
    """The zones in which days have begun, with the last day that was swept, and today."""
    return {
        "turned": list(turned),
        "befores": [before for before, _ in turned.values()],
        "todays": [today for _, today in turned.values()],
    }


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
        cursor.execute(sweep_sql(scope, superseded=True), parameters)
        return int(cursor.fetchall()[0][0])


def insert_turned(now: datetime, *, ruled: bool, **which: Any) -> int:
    """The same where days have begun: often, and mostly for few, so that the plan is worth keeping."""
    days = zip(which["befores"], which["todays"], strict=True)
    missed = any(today - before > timedelta(1) for before, today in days)
    statement = sweep_sql("ruled" if ruled else "turned", superseded=missed)
    return int(kept(statement, {**which, **leaving(now, at_once=False)})[0][0])


def write(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def note_run(now: datetime, **details: int) -> None:
    """From here the next sweep goes on; pages and `/healthz` warn when it grows old."""
    kept(NOTE, {"sweep": SWEEP, "now": now, "details": Jsonb(details)})
