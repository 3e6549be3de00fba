"""Rows of a table to parsed lines: what each says, and every reason why one is refused."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar

from licences.imports.cells import CellProblem, as_date, as_quantity, as_text
from licences.imports.formats import Format, normalised
from licences.imports.programmes import named_programme
from licences.imports.tables import Row, Table
from licences.rules import Programme
from licences.rules.imports import ParsedLine, Problem, ProblemKind

T = TypeVar("T")

LONGEST = {
    "product": 200,
    "reference": 120,
    "serial": 120,
    "order_number": 120,
    "supplier": 120,
    "manufacturer": 120,
    "note": 2000,
}
SHOWN = 60  # characters of a refused cell that are repeated to the reader


def parsed_lines(table: Table, layout: Format) -> Iterator[ParsedLine]:
    """One parsed line per row, in the order of the file; a refused one carries its problems and stops no other."""
    titles = {normalised(title): (place, title) for place, title in enumerate(table.header)}
    firsts = _Firsts()
    groups: Counter[tuple[str, ...]] = Counter()
    for row in table.rows:
        line = _RowReader(row, titles, layout).line()
        if not (line.serial or line.reference):
            groups[line.group] += 1
            line = replace(line, ordinal=groups[line.group])
        yield line if line.problems else firsts.judged(line)


class _Firsts:
    """Which line came first, for each coverage and each licence."""

    def __init__(self) -> None:
        self._coverages: dict[tuple[str, str], int] = {}
        self._licences: set[str] = set()

    def judged(self, line: ParsedLine) -> ParsedLine:
        first = self._coverages.setdefault(line.key, line.number)
        if first != line.number:
            return replace(line, problems=(Problem(ProblemKind.REPEATED, value=str(first)),))
        leads = line.licence_key not in self._licences
        self._licences.add(line.licence_key)
        return replace(line, leads=leads)


class _RowReader:
    """Reads one row field by field, collecting what is wrong instead of stopping at it."""

    def __init__(self, row: Row, titles: dict[str, tuple[int, str]], layout: Format) -> None:
        self._row, self._layout, self._titles = row, layout, titles
        self._places = {field: titles[title] for title, field in layout.columns.items() if title in titles}
        self._problems: list[Problem] = []

    def line(self) -> ParsedLine:
        width = max((place for place, _ in self._titles.values()), default=0) + 1
        if any(cell.strip() for cell in self._row.cells[width:]):
            self._problems.append(Problem(ProblemKind.EXTRA_CELLS))
        starts_on, expires_on = self._date("starts_on"), self._date("expires_on")
        if starts_on and expires_on and expires_on < starts_on:
            self._refuse(ProblemKind.EXPIRES_BEFORE_START, "expires_on")
        return ParsedLine(
            number=self._row.number,
            product=self._product(),
            programme=self._programme(),
            reference=self._text("reference"),
            serial=self._text("serial"),
            quantity=self._read("quantity", as_quantity),
            bought_on=self._date("bought_on"),
            starts_on=starts_on,
            expires_on=expires_on,
            order_number=self._text("order_number"),
            supplier=self._text("supplier"),
            manufacturer=self._text("manufacturer"),
            note=self._note(),
            problems=tuple(self._problems),
        )

    def _cell(self, field: str) -> str:
        place, _ = self._places.get(field, (len(self._row.cells), ""))
        return self._at(place)

    def _at(self, place: int) -> str:
        return self._row.cells[place] if place < len(self._row.cells) else ""

    def _refuse(self, kind: ProblemKind, field: str) -> None:
        title = self._places[field][1] if field in self._places else field
        self._problems.append(Problem(kind, column=title, value=self._cell(field).strip()[:SHOWN]))

    def _read(self, field: str, reader: Callable[[str], T | None]) -> T | None:
        try:
            return reader(self._cell(field))
        except CellProblem as problem:
            self._refuse(problem.kind, field)
            return None

    def _text(self, field: str) -> str:
        return self._read(field, lambda cell: as_text(cell, longest=LONGEST[field])) or ""

    def _date(self, field: str) -> date | None:
        return self._read(field, lambda cell: as_date(cell, month_first=self._layout.month_first))

    def _product(self) -> str:
        if not self._cell("product").strip():
            self._refuse(ProblemKind.MISSING, "product")
        return self._text("product")

    def _programme(self) -> Programme:
        # A category of Snipe-IT is free text: it names a programme by chance, and is no mistake when it does not.
        if named := named_programme(self._cell("category")):
            return named
        cell = self._cell("programme")
        named = named_programme(cell)
        if cell.strip() and not named:
            self._refuse(ProblemKind.UNKNOWN_PROGRAMME, "programme")
        return named or Programme.SUBSCRIPTION_ADVANTAGE

    def _note(self) -> str:
        """The note, then the columns that have no field of their own, each on a line with its title."""
        extra = [f"{title}: {cell}" for title, cell in self._noted() if cell]
        return self._read("note", lambda cell: _joined(as_text(cell, longest=LONGEST["note"], lines=True), extra)) or ""

    def _noted(self) -> Iterator[tuple[str, str]]:
        for place, title in (self._titles[name] for name in self._layout.noted if name in self._titles):
            try:
                yield title, as_text(self._at(place), longest=LONGEST["supplier"])
            except CellProblem as problem:
                self._problems.append(Problem(problem.kind, title, self._at(place).strip()[:SHOWN]))


def _joined(note: str, extra: list[str]) -> str:
    text = "\n".join([note, *extra]).strip()
    if len(text) > LONGEST["note"]:
        raise CellProblem(ProblemKind.TOO_LONG)
    return text
