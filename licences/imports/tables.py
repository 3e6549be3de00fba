"""A file as a table of text: a header, then rows that know their place in the file; and how large it may be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from licences.imports.unreadable import UnreadableFile

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL = 32_767  # what one cell of a spreadsheet can hold


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # line of a text file (its first, when a quoted cell spans several), or row of a sheet
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: Iterator[Row]  # may raise UnreadableFile on the way: read them inside the transaction they feed


def as_table(rows: Iterable[Row]) -> Table:
    """The first row that is not blank is the header; blank rows are skipped; raises UnreadableFile beyond a limit."""
    filled = (_checked(row) for row in rows if any(cell.strip() for cell in row.cells))
    header = next(filled, None)
    if header is None:
        raise UnreadableFile(_("The file is empty. Choose a file with a header row and one licence per line."))
    return Table(header=tuple(_trimmed(header.cells)), rows=_counted(filled))


def _trimmed(cells: tuple[str, ...]) -> list[str]:
    titles = [cell.strip() for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _checked(row: Row) -> Row:
    if len(row.cells) > MAX_COLUMNS and any(row.cells[MAX_COLUMNS:]):
        message = _("Line %(line)s has more than %(limit)s columns. Remove the columns that are not needed.")
        raise UnreadableFile(message % {"line": row.number, "limit": MAX_COLUMNS})
    if any(len(cell) > MAX_CELL for cell in row.cells):
        message = _("A cell on line %(line)s is longer than %(limit)s characters. Shorten it or close its quotes.")
        raise UnreadableFile(message % {"line": row.number, "limit": MAX_CELL})
    return row


def _counted(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            message = _("The file has more than %(limit)s lines. Split it into smaller files.")
            raise UnreadableFile(message % {"limit": number_format(MAX_ROWS, force_grouping=True)})
        yield row
