"""Text files with separated values: which encoding, which separator, and the rows with their line numbers."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from licences.imports.tables import Row
from licences.imports.unreadable import UnreadableFile

SEPARATORS = ",;\t"
# Excel writes and obeys such a first line; it is an instruction, not a row.
SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
QUOTED = re.compile(r'"(?:[^"]|"")*"')


def decoded(content: bytes) -> str:
    """The text of the file; refuses what is neither UTF-8 nor UTF-16 with a byte order mark, and says where."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as_utf16(content)
    if b"\0" in content:
        raise UnreadableFile(_("This is not a text file. Choose a .csv file saved as UTF-8, or an .xlsx workbook."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong_encoding(content, error.start) from error


def delimited_rows(text: str) -> Iterator[Row]:
    """Rows of separated values; a row's number is the line of the file on which it begins."""
    separator, skipped = _separator(text)
    reader = csv.reader(io.StringIO(text[skipped:], newline=""), delimiter=separator, strict=True)
    first = last = 1 if skipped else 0
    try:
        for cells in reader:
            first, last = last + 1, reader.line_num + (1 if skipped else 0)
            yield Row(number=first, cells=tuple(cells))
    except csv.Error as error:
        raise _broken_row(last + 1) from error


def _as_utf16(content: bytes) -> str:
    try:
        return content.decode("utf-16").replace("\0", "\ufffd")
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("The file is damaged: it ends within a character. Export it again.")) from error


def _wrong_encoding(content: bytes, place: int) -> UnreadableFile:
    message = _(
        "The file is not in UTF-8: line %(line)s holds a character in another encoding. "
        "Save it again as “CSV UTF-8”, or as an .xlsx workbook."
    )
    return UnreadableFile(message % {"line": content.count(b"\n", 0, place) + 1})


def _broken_row(line: int) -> UnreadableFile:
    message = _(
        "The quotes on line %(line)s or after it are broken: a quoted cell is not closed, or goes on after its quote. "
        "Export the file again, or mend that line."
    )
    return UnreadableFile(message % {"line": line})


def _separator(text: str) -> tuple[str, int]:
    said = SEPARATOR_LINE.match(text)
    if said:
        return said.group(1), said.end()
    header = QUOTED.sub("", text[:20_000]).lstrip().partition("\n")[0]
    return max(SEPARATORS, key=header.count), 0
