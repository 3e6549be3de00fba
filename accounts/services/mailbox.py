"""The demo's mailbox: the mails that the local sink has kept as files, newest first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"[0-9A-Za-z.\-]+\.eml")
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the list."""

    name: str
    subject: str
    recipient: str
    sent_at: datetime | None


def folder() -> Path:
    """Where the sink of `script/start` writes."""
    return Path(settings.VAR_DIR) / "mail"


def kept(*, recipient: str = "", before: str = "") -> list[Kept]:
    """One page of mails to addresses that contain `recipient`, older than the mail named `before`."""
    names = sorted((path.name for path in folder().glob("*.eml")), reverse=True)
    older = (name for name in names if not before or name < before)
    found = (mail for name in older if recipient.lower() in (mail := headers(name)).recipient.lower())
    return list(islice(found, SHOWN))


def headers(name: str) -> Kept:
    """A mail's headers; the file's body is not read."""
    with (folder() / name).open("rb") as file:
        message = BytesHeaderParser(policy=default).parse(file)
    return Kept(name, str(message["Subject"] or ""), str(message["To"] or ""), date_of(message["Date"]))


def date_of(header: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(header)) if header else None
    except ValueError:
        return None


def opened(name: str) -> EmailMessage | None:
    """The whole mail; None when there is none of that name."""
    path = folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    with path.open("rb") as file:
        return BytesParser(EmailMessage, policy=default).parse(file)


def body(message: EmailMessage, kind: str) -> str:
    """The text of the `plain` or the `html` part; empty when the mail has none."""
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def shown_headers(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Those that a reader of the demo wants to see."""
    for name in ("From", "To", "Date", "Message-ID", "List-Unsubscribe", "Content-Language"):
        if message[name]:
            yield name, str(message[name]).strip()
