"""A mail server for one machine: takes every mail over SMTP, and keeps each as a file."""

import asyncio
import os
import secrets
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

FORMAT = "%Y%m%dT%H%M%S.%f"


class Keeper:
    """Writes a mail as `<time>-<random>.eml`; a name in use is a whole mail, and names sort by time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{datetime.now(UTC).strftime(FORMAT)}-{secrets.token_hex(3)}"
        part = self.folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(traces(envelope) + (envelope.original_content or b""))
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / f"{name}.eml")
        return f"250 OK kept as {name}"


def traces(envelope: Envelope) -> bytes:
    """The envelope, in the headers that a last mail server adds."""
    lines = [f"Return-Path: <{envelope.mail_from}>", *(f"Delivered-To: {to}" for to in envelope.rcpt_tos)]
    return "".join(f"{line}\r\n" for line in lines).encode()


async def serve(listening: socket.socket, folder: Path) -> None:
    keeper = Keeper(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="coterm", enable_SMTPUTF8=True), sock=listening)
    await server.serve_forever()


if __name__ == "__main__":
    # The parent has bound the port, so that nobody else can take it in between.
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
