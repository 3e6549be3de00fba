"""What a line of an import would change of what is recorded; and a line as plain values, to be kept meanwhile."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from licences.rules import LineState, Programme
from licences.rules.imports import ParsedLine, folded

LICENCE_FIELDS = ("product", "serial", "bought_on", "order_number", "supplier", "note")
COVERAGE_FIELDS = ("quantity", "starts_on", "expires_on")
KEPT = tuple(field.name for field in fields(ParsedLine) if field.name not in ("number", "problems"))
DATES = ("bought_on", "starts_on", "expires_on")

Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of a licence, and of its coverage in the line's programme if it has one."""

    licence: dict[str, Value]
    coverage: dict[str, Value] | None


Changes = dict[str, tuple[Value, Value]]


def compared(line: ParsedLine, recorded: Recorded | None) -> tuple[LineState, Changes]:
    """What applying the line would do: each field that differs, before and after."""
    if line.problems:
        return LineState.REFUSED, {}
    if recorded is None:
        return LineState.NEW, {}
    changes = _changes(line, recorded.licence, LICENCE_FIELDS) if line.leads else {}
    if recorded.coverage is None:
        return LineState.NEW, changes
    changes |= _changes(line, recorded.coverage, COVERAGE_FIELDS)
    return (LineState.CHANGED if changes else LineState.UNCHANGED), changes


def _changes(line: ParsedLine, recorded: dict[str, Value], names: tuple[str, ...]) -> Changes:
    pairs = ((name, recorded[name], getattr(line, name)) for name in names)
    return {name: (before, said) for name, before, said in pairs if said and not _same(name, before, said)}


def _same(name: str, before: Value, said: Value) -> bool:
    if name in ("product", "serial"):
        return folded(str(before)) == folded(str(said))
    return before == said


def as_values(line: ParsedLine) -> dict[str, Any]:
    """What the line says, ready for JSON; what it does not say is left out."""
    said = {name: getattr(line, name) for name in KEPT}
    return {name: plain(value) for name, value in said.items() if value not in ("", None)}


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


def as_changes(changes: Changes) -> dict[str, list[Any]]:
    """Changes as JSON holds them."""
    return {name: [plain(before), plain(after)] for name, (before, after) in changes.items()}


def as_line(number: int, values: dict[str, Any]) -> ParsedLine:
    """The line that `as_values` was given, without its problems."""
    read: dict[str, Any] = {
        name: date.fromisoformat(value) if name in DATES else value for name, value in values.items()
    }
    read["programme"] = Programme(values["programme"])
    return ParsedLine(number=number, **read)
