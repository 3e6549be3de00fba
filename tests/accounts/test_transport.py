"""The connection to the mail server: other back ends than SMTP, and servers that never say good day."""

import socket
import time
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from accounts.keys import new_id
from accounts.models import Letter
from accounts.outbox import Mail
from accounts.rules import Outcome
from accounts.services.envelopes import build
from accounts.services.transport import Line

ALBA = "alba@larkfield.example"


@pytest.fixture
def frozen():
    return build(Letter(pk=new_id(), recipient=ALBA), Mail("Hello", "Good day\n", "<p>Good day</p>"))


@pytest.fixture
def silent(settings):
    """Takes connections and says nothing; hung up on by the timeout alone."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.MAIL_LIMIT_SECONDS, settings.EMAIL_TIMEOUT = 0.1, 0.3
        yield server


def knocks(server):
    """How many have connected so far."""
    server.setblocking(False)
    peers = []
    with suppress(BlockingIOError):
        while True:
            peers.append(server.accept()[0])
    for peer in peers:
        peer.close()
    return len(peers)


@contextmanager
def dripping():
    """Says a byte now and then, each within the patience for one read, and never ends its line."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=drip, args=[server], daemon=True).start()
        yield server.getsockname()


def drip(server):
    with suppress(OSError):
        peer, _ = server.accept()
        while True:
            peer.sendall(b"2")
            time.sleep(0.05)


def test_a_mail_shown_on_the_console_is_the_frozen_one(frozen, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with Line() as line:
        assert line.send(frozen, to=ALBA).outcome is Outcome.SENT
    assert frozen.decode() in capsys.readouterr().out


def test_a_server_that_never_greets_is_unreachable_and_not_asked_twice(frozen, silent):
    with Line() as line:
        first = line.send(frozen, to=ALBA)
        assert line.send(frozen, to=ALBA) is first
    assert knocks(silent) == 1
    assert (first.outcome, first.ambiguous) == (Outcome.RETRY, False)


@pytest.mark.parametrize("scheme", ["plain", "tls"])
def test_a_server_that_drips_its_greeting_is_cut_off(frozen, settings, scheme):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_SSL = scheme == "tls"
    settings.MAIL_LIMIT_SECONDS, settings.EMAIL_TIMEOUT = 0.3, 5
    with dripping() as address, Line() as line:
        settings.EMAIL_HOST, settings.EMAIL_PORT = address
        line.connection.host, line.connection.port = address
        began = time.monotonic()
        assert line.send(frozen, to=ALBA).outcome is Outcome.RETRY
    assert time.monotonic() - began < settings.EMAIL_TIMEOUT
