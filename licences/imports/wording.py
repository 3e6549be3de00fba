"""Why a line was refused, and what one would change, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interface import dates
from interface.money import number
from licences.imports.cells import EARLIEST, LATEST, MAX_QUANTITY
from licences.rules.differences import DATES
from licences.rules.imports import Problem, ProblemKind

WORDING = {
    ProblemKind.MISSING: gettext_lazy("%(column)s is empty: a licence needs a product."),
    ProblemKind.TOO_LONG: gettext_lazy("%(column)s is too long: “%(value)s…”."),
    ProblemKind.FORMULA: gettext_lazy("%(column)s holds a formula, “%(value)s”: only plain text is imported."),
    ProblemKind.UNPRINTABLE: gettext_lazy("%(column)s holds unprintable characters."),
    ProblemKind.NOT_A_DATE: gettext_lazy("%(column)s is no date: “%(value)s”. Write it like 2026-12-31."),
    ProblemKind.NO_SUCH_DATE: gettext_lazy("%(column)s says “%(value)s”, a day that does not exist."),
    ProblemKind.DATE_OUT_OF_RANGE: gettext_lazy(
        "%(column)s says “%(value)s”: dates from %(first)s to %(last)s can be imported."
    ),
    ProblemKind.NOT_A_NUMBER: gettext_lazy("%(column)s is no whole number: “%(value)s”."),
    ProblemKind.TOO_SMALL: gettext_lazy("%(column)s says “%(value)s”: a licence has at least 1."),
    ProblemKind.TOO_LARGE: gettext_lazy("%(column)s says “%(value)s”: at most %(most)s can be imported."),
    ProblemKind.UNKNOWN_PROGRAMME: gettext_lazy("%(column)s names no programme that we know: “%(value)s”."),
    ProblemKind.EXPIRES_BEFORE_START: gettext_lazy("%(column)s says “%(value)s”, a day before the start."),
    ProblemKind.EXTRA_CELLS: gettext_lazy(
        "The line has more cells than the header: put quotes around text that holds separators."
    ),
    ProblemKind.REPEATED: gettext_lazy("The same licence is on line %(value)s already."),
}


def worded(problem: Problem) -> str:
    words = {
        "column": problem.column or _("A column"),
        "value": problem.value,
        "first": EARLIEST.isoformat(),
        "last": LATEST.isoformat(),
        "most": number_format(MAX_QUANTITY, force_grouping=True),
    }
    return WORDING[problem.kind] % words


FIELDS = {
    "product": gettext_lazy("product"),
    "serial": gettext_lazy("serial or licence number"),
    "quantity": gettext_lazy("quantity"),
    "bought_on": gettext_lazy("bought on"),
    "starts_on": gettext_lazy("starts on"),
    "expires_on": gettext_lazy("expires on"),
    "order_number": gettext_lazy("order number"),
    "supplier": gettext_lazy("supplier"),
    "note": gettext_lazy("note"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One field as it is and as the line has it; `before` is empty where nothing is recorded."""

    label: str
    before: str
    after: str


def changed(changes: Mapping[str, Sequence[Any]]) -> list[Changed]:
    """The stored changes of a line."""
    return [Changed(str(FIELDS[name]), shown(name, old), shown(name, new)) for name, (old, new) in changes.items()]


def shown(name: str, value: Any) -> str:
    """A stored value as a reader expects it."""
    if value in (None, ""):
        return ""
    if name in DATES:
        return dates.day(date.fromisoformat(value))
    return number(value) if isinstance(value, int) else str(value)


def reasons(problems: Sequence[Mapping[str, str]]) -> list[str]:
    """Why a stored line was refused."""
    return [worded(Problem(ProblemKind(each["kind"]), each["column"], each["value"])) for each in problems]
