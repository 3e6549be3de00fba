"""A real mail server for drills: it keeps what it takes, and refuses, hangs, drips or loses its answer as told."""

import asyncio
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from hashlib import sha256
from itertools import pairwise

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HEADERS = BytesHeaderParser()


@dataclass
class Manners:
    """How often, of a thousand mails, the server behaves badly; drawn by a seed, so that a run can be repeated."""

    refuse: int = 0  # 451: try again later
    lose: int = 0  # takes the mail and hangs up before it says so
    hang: int = 0  # says nothing for `hang_seconds`
    hang_seconds: float = 20
    drip: int = 0  # answers a byte at a time, each within the client's patience for one read
    close: int = 0  # 421: hangs up
    seed: int = 1

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def choose(self) -> str:
        draw = self.chance.randrange(1000)
        for name in ("refuse", "lose", "hang", "drip", "close"):
            draw -= getattr(self, name)
            if draw < 0:
                return name
        return "take"


@dataclass
class Sink:
    """What has arrived: Message-ID → how often, and the hashes of the bytes."""

    manners: Manners = field(default_factory=Manners)
    refused: dict[str, str] = field(default_factory=dict)  # recipient → reply to RCPT
    arrived: Counter[str] = field(default_factory=Counter)
    recipients: dict[str, str] = field(default_factory=dict)
    bytes_of: dict[str, set[str]] = field(default_factory=dict)
    moments: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    lost_answers: int = 0
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        way = self.manners.choose()
        if way in ("hang", "drip"):
            return await self.hold(server, byte=b"2" if way == "drip" else b"")
        if way == "close":
            return "421 4.3.0 Closing"
        if way == "refuse":
            return "451 4.3.2 Try again later"
        self.keep(envelope)
        if way == "lose":
            self.lost_answers += 1
            server.transport.abort()
        return "250 OK"

    async def hold(self, server: SMTP, *, byte: bytes) -> str:
        """Until the client has had enough: in silence, or with a byte now and then, so that no single read is long."""
        began = time.monotonic()
        try:
            while time.monotonic() - began < self.manners.hang_seconds:
                if byte:
                    server.transport.write(byte)
                await asyncio.sleep(0.25)
        finally:  # The client that hangs up ends this task.
            self.held.append(time.monotonic() - began)
        return "451 4.3.2 Too late"

    def keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        name = str(HEADERS.parsebytes(content)["Message-ID"])
        self.arrived[name] += 1
        self.recipients[name] = envelope.rcpt_tos[0]
        self.bytes_of.setdefault(name, set()).add(sha256(content).hexdigest())
        self.moments.append(time.monotonic())

    @property
    def taken(self) -> int:
        return self.arrived.total()

    @property
    def duplicates(self) -> int:
        return self.taken - len(self.arrived)

    @property
    def altered(self) -> int:
        """Duplicates whose bytes differ from the first."""
        return sum(len(hashes) - 1 for hashes in self.bytes_of.values())

    def longest_silence(self, since: float) -> float:
        """The longest time without a mail, in seconds."""
        moments = [moment for moment in self.moments if moment >= since]
        return max((after - before for before, after in pairwise(moments)), default=0.0)


@contextmanager
def listening(sink: Sink) -> Iterator[Sink]:
    """The server on a free port of this machine, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        sink.port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, data_size_limit=None)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


if __name__ == "__main__":  # for benchmarks: on the port that is named, until it is ended
    controller = Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1]), data_size_limit=None)
    controller.start()
    threading.Event().wait()
