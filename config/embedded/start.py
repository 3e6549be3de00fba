"""The command `script/start`: everything of Coterm in the foreground, until Ctrl-C."""

import argparse
import errno
import ipaddress
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import environ

from config.embedded import programs
from config.embedded.children import Children
from config.embedded.identity import is_root
from config.embedded.places import Places, taken
from config.embedded.servers import ROOT, start_servers, start_sink, write_variables
from config.embedded.trouble import Trouble

DEMO = """
Sign in to the demo with the password coterm-demo as
  alba@larkfield.example    owner at the customer Larkfield Foods
  owen@larkfield.example    renewals manager there
  bruno@meridian.example    owner at the advisor firm Meridian Systems, Madrid
  carmen@tidewater.example  owner at another customer, Tidewater Legal
  diego@halyard.example     member at another firm, Halyard & Birch, Bristol
  elena@programme.example   programme manager
  farid@nortegate.example   member at the certified distributor Nortegate
"""


class Halt(Exception):
    """Somebody wants an end: Ctrl-C, SIGTERM, or the terminal is gone."""


def main(words: Sequence[str] | None = None) -> int:
    environ.Env.read_env(ROOT / ".env")
    options = parse(words)
    listen_for_halt()
    try:
        with taken(options.var.absolute()) as places:
            run(options, places)
    except Halt:
        say("Stopped.")
        return 0
    except (Trouble, OSError) as trouble:
        print(f"script/start: {trouble}", file=sys.stderr, flush=True)
        return 1


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/start", description="Starts all of Coterm on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", default=8000, type=int, help="port to listen on (default: %(default)s)")
    var = os.environ.get("COTERM_VAR") or ROOT / "var"
    parser.add_argument("--var", default=var, type=Path, help="folder of the data, mail and logs (default: var)")
    parser.add_argument("--no-demo", action="store_true", help="load no demo, and show no mailbox")
    return parser.parse_args(words)


def listen_for_halt() -> None:
    def halt(number: int, frame: FrameType | None) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Halt

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, halt)


def run(options: argparse.Namespace, places: Places) -> NoReturn:
    """Starts all, watches over all, and stops all, whatever ends it."""
    check_exposure(options, places)
    check_port(options.host, options.port)
    children = Children(places.folder("log"))
    try:
        start(options, places, children)
        while True:
            children.watch()
            time.sleep(0.25)
    finally:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        say("Stopping …")
        children.stop()
        (places.var / "embedded.env").unlink(missing_ok=True)


def start(options: argparse.Namespace, places: Places, children: Children) -> None:
    say_places(places)
    say("Starting the database and the queue …")
    found = variables(options, places) | start_servers(places, children)
    if not os.environ.get("EMAIL_URL"):
        found["EMAIL_URL"] = start_sink(places, children)
    write_variables(places, found)
    programs.migrate(children, found, say)
    if not options.no_demo:
        programs.load_demo(places, children, found, say)
    say("Starting web, worker and beat …")
    programs.start_programs(children, found, bind=f"{bracketed(options.host)}:{options.port}")
    children.wait_until(lambda: programs.web_answers(options.host, options.port), seconds=60, what="The web server")
    say(f"Coterm is ready at {os.environ.get('BASE_URL') or found['BASE_URL']}")
    say(f"Mail is kept in {places.var}/mail, logs in {places.var}/log. Ctrl-C stops all of it.")
    if not options.no_demo:
        say(DEMO)


def variables(options: argparse.Namespace, places: Places) -> dict[str, str]:
    """What the environment leaves open and this start decides."""
    hosts = ["localhost", "127.0.0.1", "[::1]", bracketed(options.host), socket.gethostname()]
    wanted = {
        "SECRET_KEY": places.secret("secret-key"),
        "BASE_URL": f"http://{bracketed(options.host)}:{options.port}",
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(hosts)),
        "WEB_CONCURRENCY": "2",
    }
    open_ones = {name: value for name, value in wanted.items() if not os.environ.get(name)}
    return open_ones | {"COTERM_VAR": str(places.var), "COTERM_DEMO": "off" if options.no_demo else "on"}


def check_exposure(options: argparse.Namespace, places: Places) -> None:
    """The demo's passwords are in the README, and reset links lie open in its mailbox."""
    if is_loopback(options.host):
        return
    if not options.no_demo:
        raise Trouble(f"--host {options.host} would show the demo's known passwords to the network: add --no-demo.")
    if programs.demo_mark(places).exists():
        raise Trouble(f"{places.var} holds the demo, whose passwords are known: choose another --var for the network.")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_port(host: str, port: int) -> None:
    """Before anything is started, because it is what goes wrong most often."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OverflowError:
        raise Trouble(f"{port} is no port: choose one from 1 to 65535.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Trouble(f"Port {port} is in use: stop what uses it, or choose another with --port.") from None
        raise Trouble(f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}.") from None


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def say_places(places: Places) -> None:
    if is_root():
        say("As root the servers run as nobody, whose other processes may read their data: prefer an ordinary user.")
    if places.home != places.var:
        say(f"Only root may enter {places.var}, so the servers' data is in {places.home}.")


def say(line: str) -> None:
    print(line, flush=True)
