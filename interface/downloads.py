"""Files to take away, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header

BOM = "\ufeff"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_answer(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file `name`, UTF-8 with its mark, read whole before it is sent.

    Text that a spreadsheet would take for a formula gets a leading apostrophe, and all text quotation marks: where
    semicolons part the columns, as in Spanish, `Larkfield;=1+1` would be two cells. Numbers get neither.
    """
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_safe(cell) for cell in header])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    content = (BOM + text.getvalue()).encode()
    return file_answer(content, name=name, content_type="text/csv; charset=utf-8")


def file_answer(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """`content` as a file to save, never shown in the page's own origin, never cached."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _safe(cell: object) -> object:
    if cell is None:
        return ""
    if isinstance(cell, int | float | Decimal):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(FORMULA_SIGNS) else text
