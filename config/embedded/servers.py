"""The servers that the environment does not name, and the variables by which the rest finds them."""

import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.embedded import binaries, postgres, roles
from config.embedded.children import Children, Command
from config.embedded.places import Places
from config.embedded.trouble import Trouble
from config.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASE_OF_ROLE = {role.removeprefix("coterm_"): variable for variable, role in roles.VARIABLES.items()}


@dataclass(frozen=True)
class Programs:
    """Where PostgreSQL's folder of programs is, and the broker's program, for servers that lie in `places`."""

    postgres: Callable[[Places], Path] = binaries.postgres
    broker: Callable[[Places], Path] = binaries.valkey


WHEELS = Programs()


def start_servers(
    places: Places, children: Children, *, durable: bool = True, programs: Programs = WHEELS
) -> dict[str, str]:
    """Starts PostgreSQL and Valkey, each unless its URL is given. Answers the variables that name those started."""
    found: dict[str, str] = {}
    if not database_is_given():
        settings = postgres.SETTINGS if durable else (*postgres.SETTINGS, *postgres.FLEETING)
        database = postgres.Postgres(places, programs.postgres(places), settings)
        database.start(children)
        found |= {variable: database.url(role) for variable, role in roles.VARIABLES.items()}
    if not os.environ.get("REDIS_URL"):
        broker = Valkey(places, programs.broker(places), durable=durable)
        broker.start(children)
        found["REDIS_URL"] = broker.url
    return found


def database_is_given() -> bool:
    given = [variable for variable in roles.VARIABLES if os.environ.get(variable)]
    if given and len(given) < len(roles.VARIABLES):
        missing = ", ".join(sorted(set(roles.VARIABLES) - set(given)))
        raise Trouble(f"{given[0]} is given, and {missing} not: each role needs its own URL (see .env.example).")
    return bool(given)


def start_sink(places: Places, children: Children) -> str:
    """Starts the mail sink on a free port of this machine; answers its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        words: list[str | Path] = [sys.executable, "-m", "config.embedded.sink", str(number), places.folder("mail")]
        children.start(Command("mail", words, {"PATH": os.defpath}, folder=ROOT, pass_fds=(number,)))
        return f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def write_variables(places: Places, found: Mapping[str, str]) -> None:
    """Tells `manage.py` in another shell where the running servers are; for the operator's eyes alone."""
    path = places.var / "embedded.env"
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text("".join(f"{name}={value}\n" for name, value in sorted(found.items())))
    part.rename(path)


def environment(found: Mapping[str, str], role: str) -> dict[str, str]:
    """What one process gets: everything but the other roles' databases."""
    everything = {**os.environ, **found, "COTERM_ROLE": role}
    others = set(roles.VARIABLES) - {DATABASE_OF_ROLE[role]}
    return {name: value for name, value in everything.items() if name not in others}
