"""Servers that crash, freeze, forget or break connections, with the product's own worker and beat at work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from config.embedded import programs
from tests.drills.findings import Finding, counted, settled
from tests.drills.kills import SENDERS, kill, restart, wait_for
from tests.drills.stage import Stage

CRASHES = (0.0, 0.0, 20.0, 0.0, 0.0)
RESTARTS = 5
FREEZE = 15


def database_crash(stage: Stage) -> Finding:
    """PostgreSQL loses power five times, once for 20 seconds; the senders go on by themselves."""
    rows = max(stage.rows // 5, len(CRASHES) + 1)
    stage.fresh()
    stage.plant_due(rows)
    with stage.mail_server() as sink:
        stage.sweep()
        senders = [stage.sender() for _ in range(SENDERS)]
        for number, down in enumerate(CRASHES, start=1):
            wait_for(sink, number * rows // (len(CRASHES) + 1))
            connection.close()
            stage.servers.crash_database(down=down)
        stage.until_sent()
        for sender in senders:
            kill(stage, sender)
    return settled(counted(rows, sink, duplicates=2 * len(CRASHES)), stage.states(), {"sent": rows})


def worker_restart(stage: Stage) -> Finding:
    """SIGTERM to Celery's worker, as a new release sends it: its processes finish the letters in hand, no more."""
    rows = max(stage.rows // 5, 10 * RESTARTS)
    stage.fresh()
    stage.plant_due(rows)
    with stage.mail_server() as sink, celery(stage):
        for number in range(1, RESTARTS + 1):
            wait_for(sink, number * rows // (RESTARTS + 1), seconds=90)
            end(stage, "worker")
            programs.start_worker(stage.children, stage.found)
        stage.until_sent()
    return settled(counted(rows, sink, duplicates=0), stage.states(), {"sent": rows})


def broker_flushed(stage: Stage) -> Finding:
    """Everything in Redis is gone: queue, schedule and all."""
    return with_broker_fault(stage, stage.servers.flush_broker)


def broker_frozen(stage: Stage) -> Finding:
    """Redis answers nobody for a quarter of a minute."""

    def freeze() -> None:
        with stage.servers.frozen_broker():
            time.sleep(FREEZE)

    return with_broker_fault(stage, freeze)


def broker_reset(stage: Stage) -> Finding:
    """Redis hangs up on everybody at once."""
    return with_broker_fault(stage, stage.servers.reset_connections)


def with_broker_fault(stage: Stage, fault: Callable[[], None]) -> Finding:
    """The fault in the middle of the mail; then new mail, which two ticks of the sweep later has left."""
    rows = max(stage.rows // 20, 20)
    stage.fresh()
    stage.plant_due(rows)
    with stage.mail_server() as sink, celery(stage):
        wait_for(sink, rows // 3, seconds=90)
        fault()
        began = time.monotonic()
        stage.plant_due(rows)
        wait_for(sink, 2 * rows, seconds=130)
        took = time.monotonic() - began
        stage.until_sent(seconds=10)
    finding = settled(counted(2 * rows, sink, duplicates=0), stage.states(), {"sent": 2 * rows})
    finding.note = f"all sent {took:.0f} s after the fault"
    finding.promise(took <= 120, "new mail took longer than two ticks of the sweep")
    return finding


@contextmanager
def celery(stage: Stage, *, beats: int = 1) -> Iterator[None]:
    """The worker and beat that `script/start` starts."""
    programs.start_celery(stage.children, stage.found)
    for _ in range(beats - 1):
        programs.start_beat(stage.children, stage.found, name="beat-2")
    try:
        yield
    finally:
        end(stage, "beat", "beat-2", "worker")


def end(stage: Stage, *names: str) -> None:
    """SIGTERM to the processes of these names, one after the other."""
    for name in names:
        for child in [each for each in stage.children.running if each.command.name == name]:
            restart(stage, child)
