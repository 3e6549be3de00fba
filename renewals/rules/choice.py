"""What a quote under construction is about: read from a query string, changed by a form, written back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Self
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from renewals.rules.filters import SLUG
from renewals.rules.modes import TERM, Ask, Mode

ONE = "one"
"""The group of the modes that bring all lines to one date."""
GROUPS = {Mode.EACH: Mode.EACH.value, Mode.LINES: Mode.LINES.value}
TERMS = (3, 6, 12, 24, 36, 48, 60)
MINIMUMS = (0, 3, 6, 12)
LONGEST_TERM = 120
LARGEST_BUDGET = Decimal(10) ** 12
UUID_LENGTH = 36
Posted = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A customer's coverages, which of them are out, and how their date is set.

    No `coverages` means all that may be quoted. `dates` belong to Mode.LINES; `page` is that of the list of lines,
    from 1; `draft` is the quote that is being changed.
    """

    customer: str = ""
    coverages: tuple[UUID, ...] = ()
    out: frozenset[UUID] = frozenset()
    mode: Mode = Mode.EARLIEST
    months: int = TERM
    minimum_months: int = 0
    ends_on: date | None = None
    dates: Mapping[UUID, date] = field(default_factory=dict)
    budget: Decimal | None = None
    page: int = 1
    draft: UUID | None = None

    @classmethod
    def read(cls, query: str) -> Self:
        """What `query` asks for; whatever it says that nobody understands is left out."""
        asked = parse_qs(query)
        dates = (pair.partition(":") for pair in asked.get("on", ()))
        return cls(
            customer=next((slug for slug in asked.get("customer", ()) if SLUG.fullmatch(slug)), ""),
            coverages=tuple(dict.fromkeys(_ids(asked.get("coverage", ())))),
            out=frozenset(_ids(asked.get("out", ()))),
            mode=_mode(_one(asked, "mode")) or Mode.EARLIEST,
            months=_number(_one(asked, "term"), least=1, most=LONGEST_TERM, otherwise=TERM),
            minimum_months=_number(_one(asked, "least"), least=0, most=LONGEST_TERM, otherwise=0),
            ends_on=_date(_one(asked, "date")),
            dates={pk: on for text, _, day in dates for pk in _ids([text]) if (on := _date(day))},
            budget=_amount(_one(asked, "budget")),
            page=_number(_one(asked, "page"), least=1, most=1000, otherwise=1),
            draft=_id(_one(asked, "draft")),
        )._answerable()

    def query(self) -> str:
        """The query string that reads back as this choice, without its question mark."""
        pairs: list[tuple[str, object]] = [
            ("customer", self.customer),
            *(("coverage", pk) for pk in self.coverages),
            *(("out", pk) for pk in sorted(self.out)),
            ("mode", "" if self.mode is Mode.EARLIEST else self.mode.value),
            ("term", "" if self.months == TERM else self.months),
            ("least", self.minimum_months or ""),
            ("date", self.ends_on or ""),
            *(("on", f"{pk}:{on}") for pk, on in sorted(self.dates.items())),
            ("budget", "" if self.budget is None else self.budget),
            ("page", "" if self.page == 1 else self.page),
            ("draft", self.draft or ""),
        ]
        return urlencode([(key, value) for key, value in pairs if value != ""], safe=":")

    @property
    def ask(self) -> Ask:
        """The same for the rules."""
        return Ask(
            mode=self.mode,
            months=0 if self.mode is Mode.LATEST else self.months,
            minimum_months=self.minimum_months,
            ends_on=self.ends_on,
            dates=self.dates,
            budget=self.budget,
        )

    @property
    def group(self) -> str:
        """Which of the three kinds of date is set: one for all, each plus a term, or line by line."""
        return GROUPS.get(self.mode, ONE)

    def changed(self, posted: Posted, *, budget: Decimal | None) -> Self:
        """The choice after a form: ticks, a button, dates and terms; `budget` was typed in the reader's way.

        A date that is not the one shown (`was`) was chosen. Only the lines that were shown can be unticked.
        """
        shown, ticked = set(_ids(posted.get("shown", ()))), set(_ids(posted.get("line", ())))
        left, added = set(_ids(_one(posted, "leave").split())), set(_ids(posted.get("add", ())))
        return replace(
            self,
            coverages=(*self.coverages, *sorted(added - set(self.coverages))) if self.coverages else (),
            out=(self.out - shown | (shown - ticked) | left) - added,
            months=_number(_one(posted, "term"), least=1, most=LONGEST_TERM, otherwise=self.months),
            minimum_months=_number(_one(posted, "least"), least=0, most=LONGEST_TERM, otherwise=self.minimum_months),
            dates={**self.dates, **_dates(posted)},
            budget=budget,
            page=_number(_one(posted, "page"), least=1, most=1000, otherwise=self.page),
        )._aimed(posted)

    def _aimed(self, posted: Posted) -> Self:
        """The mode and the one date after a form."""
        if fit := _date(_one(posted, "fit")):
            return replace(self, mode=Mode.DATE, ends_on=fit)
        chosen, group = _date(_one(posted, "date")), _one(posted, "mode") or self.group
        if group == self.group == ONE and chosen and chosen != _date(_one(posted, "was")):
            return replace(self, mode=Mode.DATE, ends_on=chosen)
        used = _mode(_one(posted, "use")) or (self.mode if group == self.group else _mode(group))
        return replace(self, mode=used or (Mode.DATE if self.ends_on else Mode.EARLIEST))._answerable()

    def _answerable(self) -> Self:
        """A mode whose date or budget is not said falls back to the usual one."""
        needed = {Mode.DATE: self.ends_on, Mode.BUDGET: self.budget}
        return replace(self, mode=Mode.EARLIEST) if needed.get(self.mode, True) is None else self


def _dates(posted: Posted) -> dict[UUID, date]:
    """The dates typed at lines (`on-<id>`), where they are not the ones shown (`was-<id>`)."""
    typed = {key[3:]: _date(values[-1]) for key, values in posted.items() if key.startswith("on-") and values}
    return {
        pk: on for text, on in typed.items() for pk in _ids([text]) if on and on != _date(_one(posted, f"was-{text}"))
    }


def _one(asked: Posted, key: str) -> str:
    return next(iter(asked.get(key, ())), "")


def _ids(values: Iterable[str]) -> list[UUID]:
    return [pk for value in values if (pk := _id(value))]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == UUID_LENGTH else None
    except ValueError:
        return None


def _mode(text: str) -> Mode | None:
    return Mode(text) if text in list(Mode) else None


def _number(text: str, *, least: int, most: int, otherwise: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else otherwise
    return number if least <= number <= most else otherwise


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= LARGEST_BUDGET else None
