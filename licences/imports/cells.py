"""One cell at a time: text to a date, a quantity, a programme, or the kind of problem that it has."""

import re
import unicodedata
from datetime import date

from interface.text import hides_something
from licences.rules.imports import ProblemKind

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
MAX_QUANTITY = 1_000_000

ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})")
TIME_OF_DAY = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AP]M)?Z?$", re.IGNORECASE)
WHOLE = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.0{1,2})?")
# A spreadsheet that opens our export would run these; a plain signed number or "- an item" it would not.
FORMULA = re.compile(r"[=@＝＠]|[+\-＋－](?![\d\s().,/-]*$)(?! [^|!]*$)")
CENTURY_PIVOT = 70


class CellProblem(Exception):
    def __init__(self, kind: ProblemKind) -> None:
        super().__init__(kind)
        self.kind = kind


def as_text(cell: str, *, longest: int, lines: bool = False) -> str:
    """Trimmed and composed text; line breaks are kept only where `lines` says so."""
    text = unicodedata.normalize("NFC", cell).strip()
    if FORMULA.match(text):
        raise CellProblem(ProblemKind.FORMULA)
    text = "\n".join(text.splitlines()) if lines else " ".join(text.split())
    if hides_something(text):
        raise CellProblem(ProblemKind.UNPRINTABLE)
    if len(text) > longest:
        raise CellProblem(ProblemKind.TOO_LONG)
    return text


def as_date(cell: str, *, month_first: bool) -> date | None:
    """A date in ISO 8601 or, where the format says so, in US order; a time of day after it is left out."""
    text = TIME_OF_DAY.sub("", cell.strip())
    if not text:
        return None
    parts = _parts(text, month_first=month_first)
    try:
        day = date(*parts)
    except ValueError:
        raise CellProblem(ProblemKind.NO_SUCH_DATE) from None
    if not EARLIEST <= day <= LATEST:
        raise CellProblem(ProblemKind.DATE_OUT_OF_RANGE)
    return day


def _parts(text: str, *, month_first: bool) -> tuple[int, int, int]:
    if iso := ISO_DATE.fullmatch(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if month_first and (us := US_DATE.fullmatch(text)):
        return _full_year(us[3]), int(us[1]), int(us[2])
    raise CellProblem(ProblemKind.NOT_A_DATE)


def _full_year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) < CENTURY_PIVOT else 1900)


def as_quantity(cell: str) -> int | None:
    """A whole number of at least one; None when the cell is blank."""
    text = cell.strip()
    if not text:
        return None
    match = WHOLE.fullmatch(text)
    if not match:
        raise CellProblem(ProblemKind.NOT_A_NUMBER)
    digits = match[2].replace(",", "").lstrip("0")
    if match[1] == "-" or not digits:
        raise CellProblem(ProblemKind.TOO_SMALL)
    if len(digits) > len(str(MAX_QUANTITY)) or int(digits) > MAX_QUANTITY:
        raise CellProblem(ProblemKind.TOO_LARGE)
    return int(digits)
