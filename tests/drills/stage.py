"""Where a drill plays: servers of its own, a fresh database for each, a clock that can be moved, a mail server."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from config.embedded.children import Child, Children, Command
from config.embedded.places import Places
from config.embedded.servers import ROOT, environment
from tests import crowd, database
from tests.drills.sender import PLANTS
from tests.drills.servers import Servers
from tests.drills.sink import Manners, Sink, listening

T = TypeVar("T")
TEMPLATE = "coterm_drill"
MADRID = ZoneInfo("Europe/Madrid")
OPEN_LETTERS = """
select count(*) filter (where state = 'pending' and due_at <= coterm_now()), count(*) filter (where state = 'sending'),
       extract(epoch from max(due_at) filter (where state = 'pending' and due_at > coterm_now()) - coterm_now()),
       count(*)
from accounts_letter where state in ('pending', 'sending')"""
# Shorter than in life, in the same order: a read < a mail < a lease.
FAULTY_DATABASE = {"no_unique_key": "alter table renewals_reminder drop constraint reminder_once"}
TIMES = {"MAIL_TIMEOUT_SECONDS": "1", "MAIL_LIMIT_SECONDS": "3", "MAIL_LEASE_SECONDS": "5", "LOG_LEVEL": "WARNING"}


@dataclass
class Stage:
    """One drill's world. `plant` names a fault to put into the senders, which the drill must then find."""

    places: Places
    servers: Servers
    found: dict[str, str]
    rows: int = 0
    kills: int = 0
    plant: str = ""
    sink: Sink = field(default_factory=Sink)
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    @property
    def children(self) -> Children:
        return self.servers.children

    @contextmanager
    def mail_server(self, manners: Manners | None = None) -> Iterator[Sink]:
        with listening(Sink(manners or Manners())) as self.sink:
            self.found["EMAIL_URL"] = f"smtp://127.0.0.1:{self.sink.port}"
            yield self.sink

    def fresh(self) -> None:
        """An empty database, migrated; every process of an earlier drill is gone."""
        database.copy(TEMPLATE, settings.DATABASES["default"]["NAME"])
        self.set_clock(datetime.now(MADRID).replace(hour=10, minute=0))
        if self.plant in FAULTY_DATABASE:
            with connection.cursor() as cursor:
                cursor.execute(FAULTY_DATABASE[self.plant])

    def set_clock(self, moment: datetime) -> None:
        """From here `coterm_now()` goes on from that instant."""
        self.offset = moment - datetime.now(MADRID)
        self.move_clock(timedelta())

    def move_clock(self, by: timedelta) -> None:
        self.offset += by
        with connection.cursor() as cursor:
            cursor.execute(
                "create or replace function coterm_now() returns timestamptz language sql stable as "
                f"$$ select statement_timestamp() + interval '{self.offset.total_seconds()} seconds' $$"
            )

    def now(self) -> datetime:
        return datetime.now(MADRID) + self.offset

    def plant_due(self, count: int) -> list[UUID]:
        """So many customers, each with one reader whose reminder is due today: seven days are left."""
        customers = crowd.plant_owners(count, expires_on=self.now().date() + timedelta(7))
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        return customers

    def manage(self, *words: str, log: str = "manage") -> list[str]:
        """What a command of the worker's prints; commands at the same time need a log each."""
        return self.run("manage.py", *words, log=log)

    def run(self, *words: str, log: str = "run") -> list[str]:
        """What a Python program of the worker's prints."""
        env = environment(self.found, "worker") | TIMES
        return list(self.children.lines(Command(log, [sys.executable, *words], env, folder=ROOT)))

    def sweep(self) -> None:
        """Sweep until every reader that is due has a letter."""
        while self.manage("sweep_reminders") != ["0 new reminders, 0 new letters."]:
            pass

    def sender(self, *plants: str, gate: Path | None = None) -> Child:
        """One more sender; `gate` is a file that `wait_at_gate` waits for."""
        planted = [*plants, self.plant] if self.plant in PLANTS else plants
        env = environment(self.found, "worker") | TIMES | {"DRILL_GATE": str(gate)}
        words = [sys.executable, "-m", "tests.drills.sender", *planted]
        return self.children.start(Command("sender", words, env, folder=ROOT, patience=10))

    def clear(self) -> None:
        """End what a drill has left running."""
        for child in [each for each in self.children.running if each.command.name not in ("postgres", "valkey")]:
            child.kill()
            self.drop(child)

    def drop(self, child: Child) -> None:
        """Forget a process that has been ended on purpose."""
        self.children.running.remove(child)

    def at_work(self) -> int:
        """How many senders have come to the database."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database() and usename = 'coterm_worker'"
            )
            return int(cursor.fetchone()[0])

    def states(self) -> dict[str, int]:
        """How many letters there are in each state."""
        with connection.cursor() as cursor:
            cursor.execute("select state, count(*) from accounts_letter group by 1")
            return dict(cursor.fetchall())

    def until_sent(self, *, seconds: float = 300) -> None:
        """Wait until no letter is open; what is put off to a later time is fetched by moving the clock."""
        deadline = time.monotonic() + seconds
        while open_ones := self.open_letters():
            if time.monotonic() > deadline:
                return
            due, leased, later = open_ones
            if later and not due and not leased:
                self.move_clock(timedelta(seconds=later))
            time.sleep(0.1)

    def until(self, question: Callable[[], T], *, seconds: float) -> T:
        """The first answer that is true, or the last when the time is up."""
        deadline = time.monotonic() + seconds
        while not (answer := question()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return answer

    def open_letters(self) -> tuple[int, int, float] | None:
        """Due, leased, and the seconds until the next that is due later; None when there is none at all."""
        with connection.cursor() as cursor:
            cursor.execute(OPEN_LETTERS)
            due, leased, later, every = cursor.fetchone()
        return (due, leased, float(later or 0)) if every else None


def migrate_template(children: Children, found: dict[str, str]) -> None:
    """The database that each drill gets a copy of."""
    env = environment(found, "owner")
    words = [sys.executable, "manage.py", "migrate", "--no-input"]
    name = settings.DATABASES["default"]["NAME"]
    database.server(f'drop database if exists "{TEMPLATE}"')
    database.drop(name)
    database.server(f'create database "{name}"')
    for _ in children.lines(Command("migrate", words, env, folder=ROOT)):
        pass
    connection.close()
    database.server(f'alter database "{name}" rename to "{TEMPLATE}"')
