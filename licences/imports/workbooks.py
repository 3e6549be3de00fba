"""Excel workbooks: the first visible sheet, its dates and numbers as canonical text."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from licences.imports.packages import check_package
from licences.imports.tables import Row
from licences.imports.unreadable import UnreadableFile

Cell = int | float | str | bool | time | date | datetime | timedelta


def workbook_rows(content: bytes) -> Iterator[Row]:
    """Rows of the first visible sheet, numbered as the spreadsheet numbers them."""
    check_package(content)
    sheet = _first_sheet(content)
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield Row(number=number, cells=tuple(canonical(cell) for cell in cells))
    except (CalamineError, ValueError, OverflowError) as error:
        raise _damaged() from error


def canonical(cell: Cell) -> str:
    """A cell as text: dates in ISO 8601, numbers without exponent or needless decimals, truth as yes or no."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _first_sheet(content: bytes) -> CalamineSheet:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for place, sheet in enumerate(book.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                return book.get_sheet_by_index(place)
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged() from error
    raise UnreadableFile(_("The workbook has no visible sheet. Put the licences on its first sheet."))


def _damaged() -> UnreadableFile:
    return UnreadableFile(_("The workbook is damaged. Open it in a spreadsheet and save it again."))
