"""From the bytes of an uploaded file to a table of text, whichever kind of file it is."""

from pathlib import PurePath

from django.utils.translation import gettext as _

from licences.imports.delimited import decoded, delimited_rows
from licences.imports.tables import MAX_BYTES, Table, as_table
from licences.imports.unreadable import UnreadableFile
from licences.imports.workbooks import workbook_rows

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_table(content: bytes, name: str) -> Table:
    """The table in a CSV or XLSX file, recognised by its bytes; `name` only serves a clearer answer.

    Raises UnreadableFile, also while its rows are read.
    """
    if len(content) > MAX_BYTES:
        message = _("The file is larger than %(limit)s MB. Split it, or remove the columns that are not needed.")
        raise UnreadableFile(message % {"limit": MAX_BYTES // 1024**2})
    if content.startswith(OLE):
        raise _old_workbook(content)
    if content.startswith(ZIP):
        return as_table(workbook_rows(content))
    if content and PurePath(name).suffix.casefold() in (".xlsx", ".xlsm"):
        raise UnreadableFile(_("The file is named as an Excel workbook but is none. Save it again as .xlsx or as CSV."))
    return as_table(delimited_rows(decoded(content)))


def _old_workbook(content: bytes) -> UnreadableFile:
    if ENCRYPTED in content:
        return UnreadableFile(_("The workbook is protected by a password. Save a copy without one."))
    return UnreadableFile(_("This is a workbook of an old kind (.xls). Save it as .xlsx, or as CSV in UTF-8."))
