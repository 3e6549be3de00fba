"""The product as people run it: web server, mail server and commands, each its own process, on the test's database."""

import os
import re
import socket
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.embedded.children import Children, Command
from config.embedded.places import Places
from config.embedded.roles import VARIABLES
from config.embedded.servers import ROOT, environment, start_sink

GUNICORN = ("gunicorn", "config.wsgi:application", "--worker-class", "gthread", "--threads", "4", "--no-control-socket")
LINK = re.compile(r"https?://\S+")


class House:
    """One process, one role: what web may not do fails here as it does on a server."""

    def __init__(self, folder: Path):
        self.places = Places(folder, folder, folder)
        self.children = Children(self.places.folder("log"))
        self.found = {name: on_this_database(os.environ[name]) for name in VARIABLES}
        self.found |= {"REDIS_URL": settings.REDIS_URL, "SECRET_KEY": "walked", "COTERM_VAR": str(folder)}
        self.url = ""

    def open(self) -> None:
        """The port is bound before the server runs, so that the first visitor waits for it and nobody polls."""
        self.found["EMAIL_URL"] = start_sink(self.places, self.children)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            number = listening.fileno()
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            self.found |= {"BASE_URL": self.url, "COTERM_DEMO": "on", "DEBUG": "off"}
            words = [sys.executable, "-m", *GUNICORN, "--bind", f"fd://{number}"]
            env = environment(self.found, "web")
            self.children.start(Command("web", words, env, folder=ROOT, patience=5, pass_fds=(number,)))

    def close(self) -> None:
        self.children.stop()

    def manage(self, role: str, *words: str) -> list[str]:
        """What a command prints; it fails when the command does."""
        env = environment(self.found, role) | {"LOG_LEVEL": "WARNING"}
        command = Command(f"manage-{words[0]}", [sys.executable, "manage.py", *words], env, folder=ROOT)
        return list(self.children.lines(command))

    def send(self) -> None:
        self.manage("worker", "send_mail", "--until-empty")

    def mails(self, address: str) -> list[EmailMessage]:
        """What was delivered to this address, oldest first."""
        files = sorted(self.places.folder("mail").glob("*.eml"))
        mails = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [mail for mail in mails if mail["Delivered-To"] == address]

    def reminders(self, address: str) -> list[EmailMessage]:
        """Those that one may unsubscribe from; word of access never is."""
        return [mail for mail in self.mails(address) if mail["List-Unsubscribe"]]

    def text_of_newest(self, address: str) -> str:
        return text_of(self.mails(address)[-1])

    def link(self, address: str) -> str:
        """The first address in the text of the newest mail to somebody."""
        return LINK.search(self.text_of_newest(address))[0]


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def on_this_database(url: str) -> str:
    """The role's own address and password, and the name of the copy that this test has."""
    server, _, last = url.rpartition("/")
    _, mark, options = last.partition("?")
    return f"{server}/{connection.settings_dict['NAME']}{mark}{options}"
