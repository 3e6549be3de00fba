"""A letter's bytes: built once, the same at every attempt, under a Message-ID that never changes."""

import hmac
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

from accounts.models import Letter
from accounts.outbox import EDITION, Mail


def message_id(letter: Letter) -> str:
    """`<hmac(row key)@domain>`: a second copy of a letter is recognised by whoever receives it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hmac.new(settings.SECRET_KEY.encode(), letter.pk.bytes, sha256).hexdigest()[:40]}@{domain}>"


def build(letter: Letter, mail: Mail) -> bytes:
    """The whole message with its headers; a line break in a subject or header is refused (BadHeaderError)."""
    headers = {
        "Message-ID": message_id(letter),
        "Date": formatdate(),
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
        **mail.headers,
    }
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[letter.recipient], headers=headers)
    if mail.html and not letter.text_only:
        message.attach_alternative(mail.html, "text/html")
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's class takes it


def parsed(frozen: bytes) -> ParsedMessage:
    """The message in those bytes."""
    return BytesParser(ParsedMessage, policy=SMTP).parsebytes(frozen)


def frozen_bytes(letter: Letter, mail: Mail) -> bytes:
    """The bytes of the first attempt, unless what the mail shows has shrunk since (its edition differs)."""
    if letter.frozen is None:
        return build(letter, mail)
    frozen = bytes(letter.frozen)
    same = parsed(frozen)[EDITION] == mail.headers.get(EDITION)
    return frozen if same else build(letter, mail)


class SmtpMessage(EmailMessage):
    """Frozen bytes for SMTP, which sends them as they are: taking them apart would cost as much as composing them."""

    def __init__(self, frozen: bytes, *, to: str) -> None:
        super().__init__(to=[to])
        self.frozen = frozen

    def message(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\r\n") -> bytes:
        return self.frozen


class FrozenMessage(EmailMultiAlternatives):
    """Frozen bytes as the other mail back ends want them: raw for Django's own, in parts for providers' interfaces."""

    def __init__(self, frozen: bytes, *, to: str) -> None:
        self.frozen = frozen
        message = parsed(frozen)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        headers = {name: str(value) for name, value in message.items() if name.lower() not in ("to", "from", "subject")}
        super().__init__(
            str(message["Subject"]), text.get_content() if text else "", str(message["From"]), [to], headers=headers
        )
        if html:
            self.attach_alternative(html.get_content(), "text/html")

    def message(self, *args: Any, **kwargs: Any) -> Any:
        return RawMessage(self.frozen, super().message())


class RawMessage:
    """Stands where a built message does, and yields the frozen bytes."""

    def __init__(self, frozen: bytes, built: Any) -> None:
        self.frozen, self.built = frozen, built

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\r\n") -> bytes:
        return self.frozen.replace(b"\r\n", linesep.encode())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.built, name)
