"""The servers of the drills, durable as in life, which they crash, freeze and empty."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import redis

from config.embedded import binaries, roles
from config.embedded.children import Child, Children
from config.embedded.places import Places
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey


@dataclass
class Servers:
    """PostgreSQL and Valkey of their own, whatever the environment names."""

    database: Postgres
    broker: Valkey
    children: Children

    @classmethod
    def start(cls, places: Places, children: Children) -> "Servers":
        servers = cls(Postgres(places, binaries.postgres(places)), Valkey(places, binaries.valkey(places)), children)
        servers.database.start(children)
        servers.broker.start(children)
        return servers

    def variables(self) -> dict[str, str]:
        urls = {name: self.database.url(role) for name, role in roles.VARIABLES.items()}
        return urls | {"REDIS_URL": self.broker.url}

    def child(self, name: str) -> Child:
        return next(child for child in self.children.running if child.command.name == name)

    def crash_database(self, *, down: float) -> None:
        """As when the machine loses power: no shutdown, and recovery from the log at the next start."""
        self.stop_database("immediate")
        time.sleep(down)
        self.database.end_predecessor()
        with self.in_its_place():
            self.children.start(self.database.command())
        self.children.wait_until(self.database.answers, seconds=30, what="PostgreSQL")

    def stop_database(self, mode: str) -> None:
        stopped = self.child("postgres")
        self.database.run("pg_ctl", "-D", self.database.data, "stop", "-m", mode)
        stopped.process.wait()
        self.children.running.remove(stopped)

    @contextmanager
    def in_its_place(self) -> Iterator[None]:
        """Whatever starts meanwhile stands first, where PostgreSQL was: the servers are stopped last."""
        others = list(self.children.running)
        yield
        self.children.running.sort(key=lambda child: child in others)

    @contextmanager
    def new_cluster(self) -> Iterator[None]:
        """Another machine's PostgreSQL at the old address: roles of the same names and words, and nothing else."""
        data, aside = self.database.data, self.database.data.with_name("postgres.aside")
        self.stop_database("fast")
        data.rename(aside)
        try:
            with self.in_its_place():
                self.database.start(self.children)
            yield
        finally:
            self.stop_database("fast")
            shutil.rmtree(data)
            aside.rename(data)
            with self.in_its_place():
                self.database.start(self.children)

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.broker.socket))

    def flush_broker(self) -> None:
        with self.client() as client:
            client.flushall()

    def reset_connections(self) -> None:
        with self.client() as client:
            client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    @contextmanager
    def frozen_broker(self) -> Iterator[None]:
        """It holds every connection, and answers none."""
        number = self.child("valkey").process.pid
        os.kill(number, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(number, signal.SIGCONT)
