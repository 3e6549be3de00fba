"""Looks into a workbook's zip package before any parser does, so that a small file cannot fill the memory."""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from licences.imports.tables import MAX_COLUMNS, MAX_ROWS
from licences.imports.unreadable import UnreadableFile

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200  # sheets of plain XML stay below 50; a bomb is beyond 1000
MAX_PARTS = 1_000
MAX_SHEET_ROW = 2 * MAX_ROWS  # room for blank rows in between
CHUNK = 256 * 1024
SMALL = 1024 * 1024
ENTRY_POINT = "xl/workbook.xml"
SHEET_MARKS = (b"sheetData", "sheetData".encode("utf-16-le"), "sheetData".encode("utf-16-be"))
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


def check_package(content: bytes) -> None:
    """Raises UnreadableFile unless this is a workbook whose parts unpack to a bearable size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_directory(package)
            left = MAX_UNPACKED
            for part in package.infolist():
                left -= _check_part(package, part, left)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise UnreadableFile(_("The workbook is damaged. Open it in a spreadsheet and save it again.")) from error


def _check_directory(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if ENTRY_POINT not in package.namelist():
        raise UnreadableFile(_("This is not an Excel workbook. Save the licences as .xlsx, or as CSV in UTF-8."))
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableFile(_("The workbook is protected by a password. Save a copy without one."))
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > max(SMALL, packed * MAX_RATIO):
        raise _too_large()


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpacks one part in small pieces, whatever size it declares; returns its true size in bytes."""
    size, sheet = 0, _SheetScan()
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large()
            sheet.feed(chunk)
    sheet.close()
    return size


class _SheetScan:
    """Finds filled cells beyond the limits: the reader lays a sheet out as a full rectangle up to the farthest one."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._reference = ""
        self._broken = self._names_cells = False
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        self._names_cells = self._names_cells or any(mark in self._tail + chunk for mark in SHEET_MARKS)
        self._tail = chunk[-40:]
        if self._broken:
            return
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            self._broken = True

    def close(self) -> None:
        # Pictures and settings are no XML and may pass; a sheet that we cannot follow to its end may not.
        if self._broken and self._names_cells:
            raise UnreadableFile(_("The workbook is damaged. Open it in a spreadsheet and save it again."))

    def _doctype(self, *declaration: object) -> None:
        raise UnreadableFile(_("This is not an Excel workbook. Save the licences as .xlsx, or as CSV in UTF-8."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._reference = attributes.get("r", "")
        elif tag in ("v", "is") and self._reference:
            _check_reference(self._reference)
            self._reference = ""


def _check_reference(reference: str) -> None:
    match = REFERENCE.fullmatch(reference)
    if match and (int(match.group(2)) > MAX_SHEET_ROW or _column(match.group(1)) > MAX_COLUMNS):
        message = _("The cell %(cell)s lies too far out. Keep to %(rows)s rows and %(columns)s columns.")
        rows = number_format(MAX_ROWS, force_grouping=True)
        raise UnreadableFile(message % {"cell": reference, "rows": rows, "columns": MAX_COLUMNS})


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _too_large() -> UnreadableFile:
    return UnreadableFile(_("The workbook unpacks to far more than its size. Save the sheet alone, or use CSV."))
