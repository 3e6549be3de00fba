"""A database that is dumped, lives on, and comes back from the dump in another cluster."""

import time
from typing import Any

from django.conf import settings
from django.db import connection

from config.embedded.identity import own_folder
from tests.drills.findings import Finding, counted
from tests.drills.kills import restart, wait_for
from tests.drills.stage import Stage

COUNTED = ("accounts_organisation", "accounts_user", "licences_coverage", "accounts_auditentry", "accounts_auditseal",
           "accounts_letter", "renewals_reminder")  # fmt: skip
TICKS = 3


def restore(stage: Stage) -> Finding:
    """Half of the mail has left at the dump, and the rest by the time of the restore: none of it leaves again."""
    rows = max(stage.rows // 20, 20)
    stage.fresh()
    stage.plant_due(rows)
    with stage.mail_server() as sink:
        stage.sweep()
        send(stage, until=rows // 2)
        sealed = stage.manage("seal_audit") and stage.manage("verify_audit")
        before = counts()
        dump(stage)
        send(stage)
        connection.close()
        with stage.servers.new_cluster():
            load(stage)
            after, chains = counts(), stage.manage("verify_audit")
            paused = idle(stage)
            stage.manage("pause_mail", "--resume", "--withdraw")
            stage.sweep()
            send(stage)
            connection.close()
    finding = counted(rows, sink, duplicates=0)
    finding.note = f"{before['accounts_letter']} letters restored"
    finding.promise(after == before, f"restored {after} of {before}")
    finding.promise(chains == sealed, f"the audit says {chains}, and said {sealed}")
    finding.promise(paused == "restored", f"the restored database is paused as {paused!r}")
    return finding


def send(stage: Stage, *, until: int | None = None) -> None:
    """A sender at work until nothing is open, or so many have arrived."""
    sender = stage.sender()
    if until is None:
        stage.until_sent(seconds=60)
    else:
        wait_for(stage.sink, until)
    restart(stage, sender)


def idle(stage: Stage) -> str:
    """A sender in the restored database, for a while; why nothing leaves."""
    sender = stage.sender()
    time.sleep(TICKS)
    restart(stage, sender)
    return str(asked("select why from accounts_sending where paused_at is not null")[0][0])


def asked(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() or [("",)]


def counts() -> dict[str, int]:
    return {table: asked(f"select count(*) from {table}")[0][0] for table in COUNTED}


def address(stage: Stage) -> str:
    """The database, as its administrator."""
    server = stage.servers.database
    word = server.places.secret("postgres")
    return f"host={server.places.run} user=postgres password={word} dbname={settings.DATABASES['default']['NAME']}"


def dump(stage: Stage) -> None:
    folder = own_folder(stage.places.home / "dump")
    stage.servers.database.run("pg_dump", "-Fc", "-f", folder / "coterm.dump", "-d", address(stage))


def load(stage: Stage) -> None:
    """As an operator would, into the database that the start has made."""
    stage.servers.database.run("pg_restore", "-d", address(stage), stage.places.home / "dump" / "coterm.dump")
