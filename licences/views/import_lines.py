"""The lines of an import as rows of a table, every word ready."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from interface import dates
from interface.money import number
from licences.imports.wording import Changed, changed, reasons
from licences.models import LINE_STATES, PROGRAMMES, ImportLine
from licences.rules import LineState

ICONS = {
    LineState.NEW: ("plus", "state-done"),
    LineState.CHANGED: ("pencil", "state-soon"),
    LineState.UNCHANGED: ("check", ""),
    LineState.REFUSED: ("x", "state-late"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, and what becomes of it."""

    number: str
    state: str | Promise
    icon: str
    tone: str
    product: str
    serial: str
    programme: str | Promise
    quantity: str
    expires: str
    changes: list[Changed]
    reasons: list[str]


def rows(lines: Iterable[ImportLine]) -> list[Row]:
    return [row(line) for line in lines]


def row(line: ImportLine) -> Row:
    said: dict[str, Any] = line.values
    icon, tone = ICONS[LineState(line.state)]
    return Row(
        number=number(line.number),
        state=LINE_STATES[line.state],
        icon=icon,
        tone=tone,
        product=said.get("product", ""),
        serial=said.get("serial", ""),
        programme=PROGRAMMES[said["programme"]],
        quantity=number(said["quantity"]) if said.get("quantity") else "",
        expires=dates.day(date.fromisoformat(said["expires_on"])) if said.get("expires_on") else "",
        changes=changed(line.changes),
        reasons=reasons(line.problems),
    )
