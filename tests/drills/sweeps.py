"""Sweeps that meet, come late, or live through odd days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from renewals.services.sweep import sweep
from tests.crowd import plant_owners
from tests.drills.findings import Finding, counted, settled
from tests.drills.kills import restart, wait_for
from tests.drills.outages import celery
from tests.drills.stage import MADRID, Stage
from tests.hats import database_role

ZONES = ("Europe/Madrid", "Pacific/Auckland", "Pacific/Honolulu", "America/New_York")
ODD_DAYS = (date(2028, 2, 29), date(2027, 3, 28), date(2027, 10, 31), date(2026, 12, 31))
WEEK = timedelta(7)


def sweeps_at_once(stage: Stage) -> Finding:
    """Four sweeps of everything from the same moment: what they add sums up to what was due."""
    rows = max(stage.rows // 5, 10)
    stage.fresh()
    stage.plant_due(rows)
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda n: stage.manage(*everything(stage), log=f"sweep-{n}"), range(4)))
    added = sum(int(line.split()[0]) for (line,) in said)
    stage.sweep()
    finding = Finding(rows, lost=max(rows - waiting(), 0), duplicates=max(added - rows, 0))
    finding.note = f"{added} of {rows} by the four"
    finding.promise(waiting() == rows, f"the ledger holds {waiting()} of {rows}")
    finding.promise(added == rows, f"the four say that they added {added}")
    return finding


def two_beats(stage: Stage) -> Finding:
    """A second beat by mistake: every tick comes twice, and every mail once."""
    rows = max(stage.rows // 20, 20)
    stage.fresh()
    stage.plant_due(rows)
    with stage.mail_server() as sink, celery(stage, beats=2):
        wait_for(sink, rows, seconds=120)
        stage.until_sent(seconds=30)
    return settled(counted(rows, sink, duplicates=0), stage.states(), {"sent": rows})


def beat_dead(stage: Stage) -> Finding:
    """No sweep for three days, in which a second window opened: one notice for each coverage, the tightest."""
    rows = max(stage.rows // 20, 20)
    stage.fresh()
    stage.set_clock(datetime.combine(next_wednesday(), time(10), MADRID))
    plant_owners(rows, expires_on=stage.now().date() + timedelta(9))
    with stage.mail_server() as sink:
        stage.sweep()
        stage.move_clock(timedelta(3))
        stage.sweep()
        sender = stage.sender()
        stage.until_sent()
        restart(stage, sender)
        stage.sweep()
    finding = settled(counted(rows, sink, duplicates=0), stage.states(), {"sent": rows})
    found = ledger('select "window", state, count(*) from renewals_reminder where "window" >= -14 group by 1, 2')
    expected = {(-14, "superseded", rows), (-7, "sent", rows)}
    finding.promise(set(found) == expected, f"the ledger says {sorted(found)}")
    return finding


def odd_days(stage: Stage) -> Finding:
    """29 February, both changes of the clock and New Year, hour by hour and back again, in four zones."""
    stage.fresh()
    for day in ODD_DAYS:
        plant_zones(stage, day)
        for hour in (*range(-14, 62), 60, 58, 60, 62):  # two hours back, and forth again
            stage.set_clock(datetime.combine(day, time(), ZoneInfo("UTC")) + timedelta(hours=hour))
            with database_role("coterm_worker"):
                sweep()
    rows = len(ODD_DAYS) * len(ZONES)
    found = ledger(
        "select r.expires_on - 7, (r.created_at at time zone o.time_zone)::date,"
        " extract(hour from r.leaves_at at time zone o.time_zone)::int"
        ' from renewals_reminder r join accounts_organisation o on o.id = r.customer_id where r."window" = -7'
    )
    finding = Finding(rows, lost=max(rows - len(found), 0), duplicates=max(len(found) - rows, 0))
    finding.promise(len(found) == rows, f"{len(found)} reminders of {rows}")
    strange = [row for row in found if row[0] != row[1] or not 8 <= row[2] < 20]
    finding.promise(not strange, f"not on the customer's own day, or at night: {strange[:3]}")
    return finding


def everything(stage: Stage) -> tuple[str, ...]:
    """The command that looks at every customer, whether or not anything has changed there."""
    return ("sweep_reminders", "--today", stage.now().date().isoformat(), "--yes")


def plant_zones(stage: Stage, day: date) -> None:
    for zone in ZONES:
        plant_owners(1, expires_on=day + WEEK, zone=zone)


def next_wednesday() -> date:
    today = datetime.now(MADRID).date()
    return today + timedelta((2 - today.weekday()) % 7 or 7)


def waiting() -> int:
    return int(ledger("select count(*) from renewals_reminder where state = 'pending'")[0][0])


def ledger(question: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()
