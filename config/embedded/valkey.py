"""Valkey from its wheel, which speaks Redis's protocol: on a socket, without a port."""

from dataclasses import dataclass
from pathlib import Path

import redis

from config.embedded.children import Children, Command
from config.embedded.identity import own_folder
from config.embedded.places import Places


@dataclass(frozen=True)
class Valkey:
    """One server below `home`; `durable` keeps every write on disk."""

    places: Places
    program: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        return self.places.run / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self, children: Children) -> None:
        """Returns once it answers."""
        self.socket.unlink(missing_ok=True)
        children.start(self.command())
        children.wait_until(self.answers, seconds=30, what="Valkey")

    def command(self) -> Command:
        folder = own_folder(self.places.home / "valkey")
        words = [
            *(self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
            *("--dir", folder, "--save", "", "--appendonly", "yes" if self.durable else "no"),
            # A queue must not lose its oldest entries when memory is short.
            *("--maxmemory-policy", "noeviction"),
        ]
        return Command("valkey", words, {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, servant=True)

    def answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.socket)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
