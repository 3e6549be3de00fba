"""What one line of an imported file says about a licence, and by which key the same licence is found again."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from licences.rules import Programme


class FormatName(StrEnum):
    """The layouts of files; AUTO lets the header say which."""

    AUTO = "auto"
    COTERM = "coterm"
    SNIPE_IT = "snipe-it"


class ProblemKind(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    UNPRINTABLE = "unprintable"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DATE = "no_such_date"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    UNKNOWN_PROGRAMME = "unknown_programme"
    EXPIRES_BEFORE_START = "expires_before_start"
    EXTRA_CELLS = "extra_cells"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is refused: `column` as the file names it, `value` as the cell says it (or the line it repeats)."""

    kind: ProblemKind
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One line, read. Blank text and None mean that the file says nothing there, not that the value is empty."""

    number: int
    product: str
    programme: Programme
    reference: str = ""
    serial: str = ""
    quantity: int | None = None
    bought_on: date | None = None
    starts_on: date | None = None
    expires_on: date | None = None
    order_number: str = ""
    supplier: str = ""
    manufacturer: str = ""
    note: str = ""
    problems: tuple[Problem, ...] = ()
    ordinal: int = 1  # which of the lines that nothing but their place tells apart
    leads: bool = True  # the first line of its licence: what belongs to the licence itself is read from there

    @property
    def licence_key(self) -> str:
        """Identifies the licence when a file is imported again, whatever else it then says about it."""
        if self.reference:
            return _key(KeyKind.REFERENCE, self.reference)
        if self.serial:
            return _key(KeyKind.SERIAL, self.product, self.serial)
        return _key(KeyKind.ORDER, *self.group, str(self.ordinal))

    @property
    def key(self) -> tuple[str, Programme]:
        """Identifies the coverage: the licence in one programme."""
        return self.licence_key, self.programme

    @property
    def group(self) -> tuple[str, ...]:
        """What identical seats without a serial have in common."""
        return self.product, self.programme, self.order_number, self.bought_on.isoformat() if self.bought_on else ""


class KeyKind(StrEnum):
    """What identifies an imported licence; the letter with which its stored key begins."""

    REFERENCE = "r"
    SERIAL = "s"
    ORDER = "o"


def _key(kind: KeyKind, *parts: str) -> str:
    digest = hashlib.sha256("\0".join(folded(part) for part in parts).encode()).hexdigest()
    return f"{kind}:{digest[:40]}"


def folded(text: str) -> str:
    """Text as it is compared: without regard to capitals and runs of spaces."""
    return " ".join(text.casefold().split())
