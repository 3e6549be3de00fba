"""A purchase order as a file: which kinds are taken, told by what is in them, and a name that does no harm."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

MOST_BYTES = 5 * 1024 * 1024
LONGEST_STEM = 80
UNNAMED = "purchase-order"


class PaperKind(StrEnum):
    """What a file is, whatever it is called."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


SIGNS = {PaperKind.PDF: b"%PDF-", PaperKind.PNG: b"\x89PNG\r\n\x1a\n", PaperKind.JPEG: b"\xff\xd8\xff"}
TYPES = {PaperKind.PDF: "application/pdf", PaperKind.PNG: "image/png", PaperKind.JPEG: "image/jpeg"}
ENDINGS = {PaperKind.PDF: ".pdf", PaperKind.PNG: ".png", PaperKind.JPEG: ".jpg"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is taken."""

    name: str
    kind: PaperKind
    content: bytes


def kind_of(content: bytes) -> PaperKind | None:
    """By the first bytes; None for whatever is none of the three."""
    return next((kind for kind, sign in SIGNS.items() if content.startswith(sign)), None)


def plain_name(name: str, kind: PaperKind) -> str:
    """The last part of a path, without signs that steer a terminal, a header or the direction of text.

    It ends as its content says: what is called invoice.exe and is a PDF comes back as invoice.pdf.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in last)
    kept = "".join(sign for sign in visible if sign not in '<>:"|?*;%')
    stem = PurePosixPath(" ".join(kept.split())).stem.strip(". ")[:LONGEST_STEM].strip()
    return (stem or UNNAMED) + ENDINGS[kind]
