"""Files to import, made on the spot."""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from licences.imports.formats import recognise
from licences.imports.lines import parsed_lines
from licences.imports.reading import read_table
from licences.rules.imports import FormatName

FOLDER = Path(__file__).parent / "files"


def csv_bytes(rows: Iterable[Iterable[str]], *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*sheets: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for place, cells in enumerate(rows):
                sheet.write_row(place, 0, cells)
    return stream.getvalue()


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def lines_of(content: bytes, name: str = "licences.csv", wanted: FormatName = FormatName.AUTO):
    table = read_table(content, name)
    return list(parsed_lines(table, recognise(table.header, wanted)))


def own_lines(header: str, *rows: str):
    return lines_of("\n".join([header, *rows]).encode())
