"""From a file to everything that a preview takes: its layout, its lines, and the columns that are left alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from licences.imports.formats import recognise
from licences.imports.lines import parsed_lines
from licences.imports.reading import read_table
from licences.imports.unreadable import UnreadableFile
from licences.rules.imports import FormatName, ParsedLine


@dataclass(frozen=True, slots=True)
class LicenceFile:
    layout: FormatName
    lines: Iterator[ParsedLine]  # may raise UnreadableFile on the way
    ignored: list[str]


def read_licences(content: bytes, *, name: str, wanted: FormatName = FormatName.AUTO) -> LicenceFile:
    """The licences in a file; raises UnreadableFile, here or while its lines are read."""
    table = read_table(content, name)
    layout = recognise(table.header, wanted)
    return LicenceFile(layout.name, some(parsed_lines(table, layout)), layout.ignored(table.header))


def some(lines: Iterator[ParsedLine]) -> Iterator[ParsedLine]:
    """The lines; raises UnreadableFile when there are none, for an empty preview would say nothing."""
    first = next(lines, None)
    if first is None:
        raise UnreadableFile(_("The file has a header and no lines below it: there is nothing to import."))
    yield first
    yield from lines
