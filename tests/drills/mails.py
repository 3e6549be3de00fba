"""Mail servers that misbehave, rows that cannot be sent, and mail that must not be sent any more."""

import time

from django.db import connection

from accounts.models import Letter
from renewals.services.piles import KIND
from tests.drills.findings import Finding, counted, settled
from tests.drills.kills import restart, wait_for
from tests.drills.sink import Manners
from tests.drills.stage import TIMES, Stage

FEW = 40


def server_hangs(stage: Stage) -> Finding:
    """The server says nothing to one mail in eight: the sender is free after its patience, and all mail arrives."""
    return against(stage, Manners(hang=125, hang_seconds=30))


def server_drips(stage: Stage) -> Finding:
    """Each byte comes within the patience for one read, the answer never ends: the whole exchange has a limit."""
    return against(stage, Manners(drip=60, hang_seconds=30))


def server_closed(stage: Stage) -> Finding:
    """421 to whoever connects, and then to every third mail: put off, not lost."""
    return against(stage, Manners(close=330))


def against(stage: Stage, manners: Manners) -> Finding:
    stage.fresh()
    stage.plant_due(FEW)
    with stage.mail_server(manners) as sink:
        stage.sweep()
        sender = stage.sender()
        stage.until_sent()
        restart(stage, sender)
    finding = settled(counted(FEW, sink, duplicates=0), stage.states(), {"sent": FEW})
    limit = float(TIMES["MAIL_LIMIT_SECONDS"]) + float(TIMES["MAIL_TIMEOUT_SECONDS"]) + 1
    longest = max(sink.held, default=0.0)
    finding.note = f"{len(sink.held)} held, the longest {longest:.1f} s"
    finding.promise(longest <= limit, f"a sender was held for {longest:.1f} s")
    return finding


def one_refused(stage: Stage) -> Finding:
    """One address is refused for good, one for now: dead the first, later the second, and the others at once."""
    stage.fresh()
    stage.plant_due(FEW)
    with stage.mail_server() as sink:
        sink.refused = {"owner0@crowd.example": "550 5.1.1 No such mailbox", "owner1@crowd.example": "451 4.7.1 Later"}
        stage.sweep()
        sender = stage.sender()
        wait_for(sink, FEW - 2)
        time.sleep(1)
        first = len(sink.arrived)
        del sink.refused["owner1@crowd.example"]
        stage.until_sent()
        restart(stage, sender)
    finding = settled(counted(FEW, sink, duplicates=0, dead=1), stage.states(), {"sent": FEW - 1, "dead": 1})
    finding.promise(first == FEW - 2, f"{first} of {FEW - 2} had arrived before the second was asked again")
    return finding


def poison_row(stage: Stage) -> Finding:
    """A letter that cannot be composed is dead, and the others are sent."""
    stage.fresh()
    stage.plant_due(FEW)
    with stage.mail_server() as sink:
        stage.sweep()
        poisoned = list(Letter.objects.filter(kind=KIND).values_list("pk", flat=True)[:3])
        Letter.objects.filter(pk__in=poisoned).update(context={"recipient": "nobody"})
        sender = stage.sender()
        stage.until_sent()
        restart(stage, sender)
    finding = counted(FEW, sink, duplicates=0, dead=len(poisoned))
    return settled(finding, stage.states(), {"sent": FEW - len(poisoned), "dead": len(poisoned)})


def changed_while_sending(stage: Stage) -> Finding:
    """Half are renewed and half of the owners leave after the claim: not one mail follows the commit."""
    stage.fresh()
    customers = stage.plant_due(FEW)
    gate = stage.places.folder("gate") / "open"
    gate.unlink(missing_ok=True)
    with stage.mail_server() as sink:
        stage.sweep()
        sender = stage.sender("wait_at_gate", gate=gate)
        claimed = stage.until(lambda: stage.states().get("sending"), seconds=20)
        with connection.cursor() as cursor:
            half = [customers[: FEW // 2], customers[FEW // 2 :]]
            cursor.execute(
                "update licences_coverage set expires_on = expires_on + 365 where customer_id = any(%s)", [half[0]]
            )
            cursor.execute("delete from accounts_membership where organisation_id = any(%s)", [half[1]])
        gate.touch()
        stage.until_sent()
        restart(stage, sender)
    finding = Finding(FEW, note=f"{claimed} were claimed before the change")
    finding.promise(bool(claimed), "nothing had been claimed before the change")
    finding.promise(sink.taken == 0, f"{sink.taken} mails were sent after the change")
    return settled(finding, stage.states(), {"cancelled": FEW})
