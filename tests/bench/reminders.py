"""What the sweep costs."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from renewals.models import Touched
from renewals.services.sweep import Swept, begin, sweep, sweep_turned
from tests.bench.figures import Figure, interleaved, milliseconds
from tests.drills.stage import Stage
from tests.hats import database_role

# The same rows, and nothing but them: who sees what expires on a window's day, and who reads it there.
BARE = """
insert into renewals_reminder (id, customer_id, coverage_id, expires_on, "window", recipient_id, channel,
                               organisation_id, why, state, reason, is_urgent, over_on, leaves_at, created_at)
select coterm_new_id(), v.customer_id, v.coverage_id, v.expires_on, w.code, coalesce(m.user_id, a.contact_id),
       'email', v.organisation_id, 'owner', 'pending', '', false, v.expires_on + 30, coterm_now(), coterm_now()
from (values (-120), (-90), (-60), (-30), (-14), (-7), (-1), (0), (7), (30)) as w (code)
join licences_visibility v on v.expires_on = %s::date - w.code and v.valid_until > coterm_now()
left join accounts_membership m on m.organisation_id = v.organisation_id
left join licences_assignment a on a.id = v.assignment_id
on conflict do nothing"""
# A stricter floor: in the order in which the sweep writes them, which five of the indexes share.
ORDERED = BARE.replace("on conflict", "order by v.customer_id, v.coverage_id on conflict")
# As if the senders had been at work: what they have sent is no longer overtaken, nor followed.
SETTLE = """
update accounts_letter set state = 'sent', sent_at = created_at where state = 'pending';
update renewals_reminder set state = 'sent' where state = 'pending' and letter_id is not null"""


def sweep_figures(stage: Stage) -> list[Figure]:
    """The next day's rows beside their bare insertion, the next week's beside the day's, and what the rest costs."""
    sweep_all()
    stage.move_clock(timedelta(days=1))
    found: dict[str, int] = {}

    def swept() -> None:
        found["sweep"] = sweep_turned(begin())

    def bare(statement: str = BARE) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [stage.now().date()])
            found["bare"] = cursor.rowcount

    with database_role("coterm_worker"):
        day, floor = interleaved(undone(swept), undone(bare), times=5)
        again, ordered = interleaved(undone(swept), undone(lambda: bare(ORDERED)), times=5)
    rows = found["sweep"] / max(found["bare"], 1)
    note = f"{found['sweep']} reminders; {found['bare']} bare rows, in the sweep's order {again / ordered / rows:.2f} ×"
    figures = [Figure("sweep, next day", day, floor * rows, "ms", 1.3, note=note)]
    stage.move_clock(timedelta(days=6))
    with database_role("coterm_worker"):
        week = milliseconds(undone(swept))
    note = f"{found['sweep']} reminders; floor: one day"
    return [*figures, Figure("sweep, 7 missed days", week, day, "ms", 8, note=note), *whole(stage), idle()]


def sweep_all() -> None:
    """What has been due for long is in the ledger, and sent: sweeps until nobody is touched, and all is posted."""
    with database_role("coterm_worker"):
        while sweep() != Swept(0, 0) or Touched.objects.exists():
            analyze("analyze renewals_reminder, accounts_letter, renewals_touched")
    with connection.cursor() as cursor:
        cursor.execute(SETTLE)
    analyze("vacuum analyze")


def analyze(how: str) -> None:
    """What autovacuum does within a minute or two."""
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(how)


def whole(stage: Stage) -> list[Figure]:
    """A process of its own sweeps the missed days, and goes on until every letter is posted."""
    *sweeps, (kilobytes,) = [[float(word) for word in line.split()] for line in stage.run("-m", "tests.bench.client")]
    seconds, reminders, letters = (sum(column) for column in zip(*sweeps, strict=True))
    found = f"{reminders:.0f} reminders, {letters:.0f} letters in {len(sweeps)} sweeps, the first {sweeps[0][0]:.1f} s"
    return [
        Figure("a whole sweep", seconds, 10, "s", 1, note=f"7 missed days: {found}"),
        Figure("its client's memory", kilobytes / 1024, 200, "MB", 1, note="floor: 200 MB"),
    ]


def idle() -> Figure:
    """A whole sweep that finds nothing to do."""
    sweep_all()
    with database_role("coterm_worker"):
        nothing, one = interleaved(sweep, select_one, times=50)
    return Figure("sweep, nothing due", nothing, one, "ms", 15, note="floor: SELECT 1")


def undone(work: Callable[[], None]) -> Callable[[], None]:
    """Rolled back without the driver's knowledge: it would forget the plans that the server keeps, as after a fault."""

    def run() -> None:
        connection.ensure_connection()
        server = connection.connection.pgconn
        server.exec_(b"begin")
        try:
            work()
        finally:
            server.exec_(b"rollback")

    return run


def select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
