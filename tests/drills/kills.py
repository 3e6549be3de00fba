"""Senders that are killed, restarted, or sent against a bad mail server."""

import time
from collections.abc import Callable

from config.embedded.children import Child
from tests.drills.findings import Finding, counted, settled
from tests.drills.sink import Manners, Sink
from tests.drills.stage import Stage

SENDERS = 2


def worker_killed(stage: Stage) -> Finding:
    """kill -9 in the middle of work: nothing lost, at most one duplicate a kill and sender."""
    sink = play(stage, Manners(), stage.kills, kill)
    finding = counted(stage.rows, sink, duplicates=stage.kills)
    return settled(finding, stage.states(), {"sent": stage.rows})


def bad_mail_server(stage: Stage) -> Finding:
    """The same with a server that refuses 30 %, loses 1 % of its answers, and now and then hangs."""
    sink = play(stage, Manners(refuse=300, lose=10, hang=1, hang_seconds=4), stage.kills, kill)
    finding = counted(stage.rows, sink, duplicates=stage.kills * SENDERS + sink.lost_answers)
    finding.note = f"{sink.lost_answers} answers lost"
    return settled(finding, stage.states(), {"sent": stage.rows})


def rolling_restart(stage: Stage) -> Finding:
    """SIGTERM lets the letter in hand be finished and gives the others back: no duplicate at all."""
    sink = play(stage, Manners(), min(20, stage.kills), restart)
    return settled(counted(stage.rows, sink, duplicates=0), stage.states(), {"sent": stage.rows})


def play(stage: Stage, manners: Manners, times: int, fault: Callable[[Stage, Child], None]) -> Sink:
    """Two senders, and a fault to one of them each time that a further part of the mail has arrived."""
    stage.fresh()
    with stage.mail_server(manners) as sink:
        senders = [stage.sender() for _ in range(SENDERS)]
        stage.until(lambda: stage.at_work() == SENDERS, seconds=30)
        stage.plant_due(stage.rows)
        stage.sweep()
        for number in range(1, times + 1):
            wait_for(sink, number * stage.rows // (times + 1))
            place = stage.chance.randrange(SENDERS)
            fault(stage, senders[place])
            senders[place] = stage.sender()
        stage.until_sent()
        for sender in senders:
            restart(stage, sender)
        stage.sweep()
    return sink


def wait_for(sink: Sink, count: int, *, seconds: float = 60) -> None:
    """Until so many have arrived; with a server that refuses many, no longer than that."""
    deadline = time.monotonic() + seconds
    while len(sink.arrived) < count and time.monotonic() < deadline:
        time.sleep(0.005)


def kill(stage: Stage, sender: Child) -> None:
    sender.kill()
    stage.drop(sender)


def restart(stage: Stage, sender: Child) -> None:
    sender.stop()
    stage.drop(sender)
