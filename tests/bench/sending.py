"""What the senders cost."""

import os
import smtplib
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db.models import Max, Min
from psycopg import Cursor

from accounts.models import Letter
from accounts.services.delivery import BATCH, deliver_batch
from config.embedded.children import Command
from config.embedded.servers import ROOT, environment
from tests.bench.figures import Figure, interleaved, milliseconds
from tests.drills.stage import Stage
from tests.hats import database_role

ROUNDS = 20
LETTERS = (ROUNDS + 1) * BATCH
SENDERS, MANY = 2, 4_000


def send_figures(stage: Stage) -> list[Figure]:
    """Mails a second beside a bare SMTP client with the same bytes into the same server; statements for each mail."""
    with mail_server_process(stage) as port:
        return [*alone(stage, port), side_by_side(stage, port)]


def alone(stage: Stage, port: int) -> list[Figure]:
    """One sender and the bare client in turns."""
    stage.fresh()
    stage.plant_due(LETTERS)
    with to_port(port), database_role("coterm_worker"):
        stage.sweep()
        deliver_batch()
        frozen = [bytes(raw) for raw in Letter.objects.filter(state="sent").values_list("frozen", flat=True)]
        with counted_statements() as statements:
            own, bare = interleaved(deliver_batch, lambda: bare_client(port, frozen), times=ROUNDS)
    own, bare = own / 1000 / BATCH, bare / 1000 / BATCH
    return [
        Figure("mails a second", 1 / own, 1 / bare, "/s", 0.5, more_is_better=True),
        Figure("statements a mail", len(statements) / ROUNDS / BATCH, 5, "", 1, note="without BEGIN and COMMIT"),
    ]


def side_by_side(stage: Stage, port: int) -> Figure:
    """As many senders as Celery's worker has processes, until all has left; then the bare client, the same bytes."""
    stage.fresh()
    stage.plant_due(MANY)
    stage.found["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    with database_role("coterm_worker"):
        stage.sweep()
    words, env = [sys.executable, "manage.py", "send_mail", "--until-empty"], environment(stage.found, "worker")
    senders = [stage.children.start(Command("sender", words, env, folder=ROOT)) for _ in range(SENDERS)]
    for sender in senders:
        sender.process.wait()
        stage.drop(sender)
    with database_role("coterm_worker"):
        letters = Letter.objects.filter(state="sent")
        span = letters.aggregate(first=Min("sent_at"), last=Max("sent_at"))
        frozen = [bytes(raw) for raw in letters.values_list("frozen", flat=True)]
    own = (len(frozen) - 1) / (span["last"] - span["first"]).total_seconds()
    bare = len(frozen) / milliseconds(lambda: bare_client(port, frozen)) * 1000
    return Figure(f"{SENDERS} senders", own, bare, "/s", 0.5, more_is_better=True, note=f"{len(frozen)} mails")


@contextmanager
def counted_statements() -> Iterator[list[object]]:
    """Whatever goes to the server through a cursor, Django's or our own."""
    seen: list[object] = []

    def execute(cursor: Cursor, query: object, *arguments: object, **options: object) -> Cursor:
        seen.append(query)
        return plain(cursor, query, *arguments, **options)

    plain, Cursor.execute = Cursor.execute, execute
    try:
        yield seen
    finally:
        Cursor.execute = plain


@contextmanager
def mail_server_process(stage: Stage) -> Iterator[int]:
    """The drills' mail server in a process of its own, so that it shares no interpreter with either client."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "tests.drills.sink", str(port)]
    child = stage.children.start(Command("sink", words, os.environ, folder=ROOT))
    stage.children.wait_until(lambda: answers(port), seconds=30, what="The mail server")
    try:
        yield port
    finally:
        child.stop()
        stage.drop(child)


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def to_port(port: int):
    """This process's own senders send there too."""
    before = settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = before


def bare_client(port: int, mails: list[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number, mail in enumerate(mails):
            client.sendmail("coterm@localhost", [f"bare{number}@crowd.example"], mail)
