"""What runs on the servers: migrations and the demo to their end, then web, worker and beat."""

import http.client
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from config.embedded.children import Children, Command
from config.embedded.places import Places
from config.embedded.servers import ROOT, environment

Say = Callable[[str], None]


def migrate(children: Children, found: Mapping[str, str], say: Say) -> None:
    """As owner. Says each step, which on the first start are many."""
    say("Migrating the database …")
    for line in children.lines(manage(found, "migrate", "--no-input")):
        if line.startswith("  Applying"):
            say(f"  {line.split()[1].rstrip('.')}")
    for _ in children.lines(manage(found, "collectstatic", "--no-input", "--verbosity", "0")):
        pass


def load_demo(places: Places, children: Children, found: Mapping[str, str], say: Say) -> None:
    """Once for each `var`, so that a second start finds what its visitors have made of it."""
    mark = demo_mark(places)
    if mark.exists() and mark.read_text() == "loaded":
        return
    say("Loading the demo …")
    mark.write_text("loading")
    for line in children.lines(manage(found, "seed_demo")):
        say(f"  {line}")
    mark.write_text("loaded")


def demo_mark(places: Places) -> Path:
    """Lies beside the data that it speaks of."""
    return places.home / "demo"


def manage(found: Mapping[str, str], *words: str) -> Command:
    env = environment(found, "owner") | {"PYTHONUNBUFFERED": "1"}
    return Command(f"manage-{words[0]}", [sys.executable, "manage.py", *words], env, folder=ROOT, patience=2.0)


def start_programs(children: Children, found: Mapping[str, str], *, bind: str) -> None:
    """The web server comes last, and so is stopped first: no request finds the rest gone."""
    start_celery(children, found)
    web = ["config.wsgi:application", "--bind", bind, "--worker-class", "gthread", "--threads", "4"]
    web += ["--graceful-timeout", "2", "--no-control-socket"]
    children.start(program("web", ["gunicorn", *web], environment(found, "web"), patience=2.5))


def start_celery(children: Children, found: Mapping[str, str]) -> None:
    start_worker(children, found)
    start_beat(children, found, name="beat")


def start_worker(children: Children, found: Mapping[str, str]) -> None:
    worker = ["worker", "--loglevel", "INFO", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    env = environment(found, "worker")
    children.start(program("worker", ["celery", "-A", "config", *worker], env, patience=2.5))


def start_beat(children: Children, found: Mapping[str, str], *, name: str) -> None:
    beat = ["beat", "--loglevel", "INFO", "--pidfile=", "--schedule", f"{found['COTERM_VAR']}/{name}"]
    words = ["celery", "-A", "config", *beat]
    children.start(program(name, words, environment(found, "worker"), patience=1.0))


def program(name: str, words: list[str], env: Mapping[str, str], *, patience: float) -> Command:
    return Command(name, [sys.executable, "-m", *words], env, folder=ROOT, patience=patience)


def web_answers(host: str, port: int) -> bool:
    """Whether it serves, not only listens: `/livez` asks nothing of the database."""
    connection = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=5)  # noqa: S104
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
