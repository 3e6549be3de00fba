"""A real mail server on loopback that keeps what it takes, and can be told to refuse, hang up or lose its answer."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class MailServer:
    """Answers of `at_rcpt` and `at_data` are keyed by recipient; `drop_after_data` takes a mail without saying so."""

    def __init__(self):
        self.taken = []
        self.at_rcpt = {}
        self.at_data = {}
        self.drop_after_data = set()
        self.connections = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: SMTP, session, envelope, address, options):
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session, envelope):
        address = envelope.rcpt_tos[0]
        if address in self.at_data:
            return self.at_data[address]
        self.taken.append((address, envelope.content))
        if address in self.drop_after_data:
            server.transport.abort()
        return "250 taken"

    def mails(self, address=None):
        """The messages taken, parsed; of one recipient when `address` is given."""
        return [message_from_bytes(raw, policy=default) for to, raw in self.taken if address in (None, to)]

    def addresses(self):
        return sorted(to for to, _ in self.taken)


@contextmanager
def mail_server(settings) -> Iterator[MailServer]:
    """The server, with Django's settings pointing at it."""
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    try:
        yield server
    finally:
        controller.stop()
