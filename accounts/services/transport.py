"""One connection to the mail server, kept over a batch, and what its answers mean."""

import logging
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from accounts.rules import Outcome, outcome
from accounts.services.envelopes import FrozenMessage, mailbox
from accounts.services.patience import Patience

logger = logging.getLogger(__name__)
SLOW = "The mail server took too long to answer"
BROKEN, UNREACHABLE = "The connection to the mail server broke", "The mail server cannot be reached"
UNWRITTEN = "The mail could not be written"
CODES = re.compile(r"\d{3}( \d\.\d+\.\d+)?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one attempt ended; `ambiguous` when the server may have taken the mail without our knowing."""

    outcome: Outcome
    reason: str = ""
    ambiguous: bool = False
    is_for_address: bool = False
    provider_id: str = ""

    @property
    def code(self) -> str:
        """For the log: without the server's own words, which repeat the address that it refuses."""
        found = CODES.match(self.reason)
        return found[0] if found else self.reason.partition(":")[0]


TOO_SLOW = Verdict(Outcome.RETRY, SLOW, ambiguous=True)


def text_of(reply: bytes | str) -> str:
    """A server's reply as one line."""
    return " ".join((reply.decode(errors="replace") if isinstance(reply, bytes) else reply).split())


def judged(problem: Exception) -> Verdict:
    """What an exception of the mail back end means: an answer is clear, anything else is ambiguous."""
    if isinstance(problem, SMTPRecipientsRefused):
        code, reply = next(iter(problem.recipients.values()))
        return Verdict(outcome(code, text_of(reply), for_address=True), f"{code} {text_of(reply)}", is_for_address=True)
    if isinstance(problem, SMTPDataError):
        code, text = problem.smtp_code, text_of(problem.smtp_error)
        return Verdict(outcome(code, text, for_address=False), f"{code} {text}")
    if isinstance(problem, SMTPResponseException):
        return Verdict(Outcome.RETRY, f"{problem.smtp_code} {text_of(problem.smtp_error)}")
    return Verdict(Outcome.RETRY, f"{BROKEN}: {problem or type(problem).__name__}", ambiguous=True)


def provider_id(message: EmailMessage) -> str:
    """What a provider calls the mail in its reports; plain SMTP has none."""
    return str(getattr(getattr(message, "anymail_status", None), "message_id", None) or "")


class Watched(SMTP):
    """Hands over its connection as soon as there is one: a server may never end its greeting, or a handshake."""

    opened: Callable[[socket.socket], None]

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self.opened(sock)
        return sock


class WatchedSSL(SMTP_SSL, Watched):
    """The same; its connection is handed over before the handshake."""


class SmtpBackend(EmailBackend):
    """Django's own, with a second handle of the connection that outlives its wrapping in TLS."""

    connection: Any
    handle: socket.socket | None = None

    @property
    def connection_class(self) -> Any:
        kind = WatchedSSL if self.use_ssl else Watched
        return type(kind.__name__, (kind,), {"opened": staticmethod(self.keep)})

    def keep(self, sock: socket.socket) -> None:
        self.let_go()
        self.handle = sock.dup()

    def let_go(self) -> None:
        if self.handle:
            self.handle.close()
        self.handle = None

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.let_go()


def line_to_server() -> Any:
    """The configured mail back end; Django's SMTP as one that can be cut."""
    backend = get_connection()
    return SmtpBackend() if type(backend) is EmailBackend else backend


class Line:
    """Opened when first needed; after a failure hung up and opened anew; once unreachable, not asked again."""

    def __init__(self) -> None:
        self.connection: Any = line_to_server()
        self.patience = Patience(settings.MAIL_LIMIT_SECONDS, self.cut)
        self.unreachable: Verdict | None = None
        self.was_cut = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.hang_up()
        self.patience.end()

    def send(self, frozen: bytes, *, to: str) -> Verdict:
        """One message to one address."""
        if unreachable := self.unreachable or self.open():
            return unreachable
        self.was_cut = False
        try:
            with self.patience.limited():
                name = self.transmit(frozen, to=to)
        except Exception as problem:
            if not isinstance(problem, SMTPRecipientsRefused):
                self.hang_up()
            # Half an answer, cut off by ourselves, may look like any answer, a good one among them.
            verdict = TOO_SLOW if self.was_cut else judged(problem)
            logger.warning("a letter was not taken: %s", verdict.code)
            return verdict
        return Verdict(Outcome.SENT, provider_id=name)

    def transmit(self, frozen: bytes, *, to: str) -> str:
        """What a provider calls the mail in its reports; SMTP has no name for it, and takes the bytes as they are."""
        if isinstance(self.connection, SmtpBackend):
            self.connection.connection.sendmail(mailbox(settings.DEFAULT_FROM_EMAIL), [mailbox(to)], frozen)
            return ""
        message = FrozenMessage(frozen, to=to)
        self.connection.send_messages([message])
        return provider_id(message)

    def open(self) -> Verdict | None:
        """None once there is a connection; otherwise why there is none."""
        try:
            with self.patience.limited():
                self.connection.open()
        except (SMTPException, OSError) as problem:
            self.hang_up()
            self.unreachable = Verdict(Outcome.RETRY, f"{UNREACHABLE}: {problem}")
        return self.unreachable

    def hang_up(self) -> None:
        try:
            self.connection.close()
        except (SMTPException, OSError):
            self.connection.connection = None

    def cut(self) -> None:
        """In the middle of whatever it is: a greeting, a handshake, an answer."""
        if handle := getattr(self.connection, "handle", None):
            self.was_cut = True
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)
