"""A letter's bytes: built once, the same at every attempt, under a Message-ID that never changes."""

import hmac
import re
from binascii import b2a_qp
from email.header import Header
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache
from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.utils.encoding import punycode

from accounts.models import Letter
from accounts.outbox import EDITION, Mail

LINE_BREAK = re.compile(r"\r\n|\r|\n")
LONGEST_LINE = 998  # RFC 5321, 4.5.3.1.6, in bytes without the break


def message_id(letter: Letter) -> str:
    """`<hmac(row key)@domain>`: a second copy of a letter is recognised by whoever receives it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hmac.new(settings.SECRET_KEY.encode(), letter.pk.bytes, sha256).hexdigest()[:40]}@{domain}>"


def build(letter: Letter, mail: Mail) -> bytes:
    """The whole message, put together by hand: the standard library takes a third of a letter's time for it.

    Raises BadHeaderError for a line break in a subject or header, ValueError for what is no address.
    """
    headers = {
        "Subject": mail.subject,
        "From": mailbox(settings.DEFAULT_FROM_EMAIL),
        "To": mailbox(letter.recipient),
        "Message-ID": message_id(letter),
        "Date": formatdate(),
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
        **mail.headers,
        "MIME-Version": "1.0",
    }
    plain = part("plain", mail.text)
    bodies = alternatives(plain, part("html", mail.html)) if mail.html else plain
    return b"".join(header(name, value) for name, value in headers.items()) + bodies


@lru_cache(maxsize=256)
def mailbox(text: str) -> str:
    """A name and an address, or an address alone, in ASCII. Raises ValueError when it is none, or several."""
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    if not (local and domain and text.rstrip(">").endswith(address)):
        raise ValueError(f"Not an address: {text!r}")
    return formataddr((name, f"{local}@{punycode(domain)}"))


def header(name: str, value: str) -> bytes:
    """One header, of which no value can make two."""
    if "\n" in value or "\r" in value:
        raise BadHeaderError(f"A line break in {name}: {value!r}")
    encoded = value if value.isascii() else Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n".encode()


def part(subtype: str, text: str) -> bytes:
    """A body with its headers, quoted where it has lines that are longer than SMTP allows."""
    raw = (LINE_BREAK.sub("\n", text) if "\r" in text else text).encode()
    encoding = "7bit" if raw.isascii() else "8bit"
    if max(map(len, raw.split(b"\n"))) > LONGEST_LINE:
        raw, encoding = b2a_qp(raw, istext=True), "quoted-printable"
    said = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'
    return (said.encode() + raw).replace(b"\n", b"\r\n")


def alternatives(*parts: bytes) -> bytes:
    """The same said in several ways, the plainest first; no text can foresee the line between them."""
    line = token_hex(16)
    head = f'Content-Type: multipart/alternative; boundary="{line}"\r\n\r\n'
    each = [f"--{line}\r\n".encode() + part + b"\r\n" for part in parts]
    return head.encode() + b"".join(each) + f"--{line}--\r\n".encode()


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


class FrozenMessage(EmailMultiAlternatives):
    """Frozen bytes as other back ends than SMTP want them: raw for Django's own, in parts for providers' interfaces."""

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
