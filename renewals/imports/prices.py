"""A file of prices: which columns it has, what each line says, and which lines are refused and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from interface.money import is_currency
from licences.imports.reading import read_table
from licences.imports.tables import Row, Table
from licences.imports.unreadable import UnreadableFile
from renewals.models import LARGEST_QUANTITY, LONGEST_MONTHS
from renewals.rules.listing import COLUMNS, Flaw, Flawed, amount, whole
from renewals.rules.schedules import Band, clashes
from renewals.services.prices import Listed

REQUIRED = ("product", "currency", "months", "price")
SHOWN = 60
# What our own files put before text that a spreadsheet would run.
GUARDED = ("'=", "'+", "'-", "'@")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PriceFile:
    """What a file says: its prices, and of the refused lines number, reason, column and cell."""

    lines: list[Listed] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


def read_prices(content: bytes, *, name: str, programme: str, products: Mapping[str, UUID]) -> PriceFile:
    """The prices of one programme in a CSV or XLSX file; `products` are the keys by name. Raises UnreadableFile.

    A refused line stops no other. Of two that overlap the later one is refused, and names the line that it meets.
    """
    table = read_table(content, name)
    places = _places(table)
    readers = (_Line(row, places, programme, products) for row in table.rows)
    read = [(reader, reader.listed()) for reader in readers]
    good = {reader.number: listed for reader, listed in read if listed}
    refused = [flaw for reader, _listed in read for flaw in reader.flaws]
    for later, earlier in clashes((number, band_of(listed)) for number, listed in good.items()):
        refused.append({"line": later, "flaw": Flaw.OVERLAP.value, "column": "qty_min", "value": str(earlier)})
    stopped = {each["line"] for each in refused}
    lines = [listed for number, listed in good.items() if number not in stopped]
    return PriceFile(lines, sorted(refused, key=lambda each: int(each["line"])))


def band_of(listed: Listed) -> Band:
    """The quantities of a price among those of the same product, currency and term."""
    return Band((listed.product, listed.currency, listed.months), listed.qty_min, listed.qty_max)


def _places(table: Table) -> dict[str, int]:
    titles = [" ".join(title.casefold().replace("_", " ").split()) for title in table.header]
    places = {name: titles.index(title) for name in COLUMNS if (title := name.replace("_", " ")) in titles}
    if missing := [name for name in REQUIRED if name not in places]:
        message = _("The file lacks the column %(missing)s. Its first line must name the columns. It has: %(header)s.")
        found = ", ".join(title[:40] for title in table.header[:20] if title)
        raise UnreadableFile(message % {"missing": ", ".join(f"“{name}”" for name in missing), "header": found})
    return places


class _Line:
    """Reads one line cell by cell, and collects what is wrong instead of stopping at it."""

    def __init__(self, row: Row, places: Mapping[str, int], programme: str, products: Mapping[str, UUID]) -> None:
        self.number = row.number
        self.flaws: list[dict[str, Any]] = []
        self._row, self._places, self._programme, self._products = row, places, programme, products

    def listed(self) -> Listed | None:
        """The price, or None where anything of the line is refused."""
        if (named := self._cell("programme")) and named.casefold() != self._programme:
            self._refuse(Flaw.PROGRAMME, "programme")
        product, currency = self._read("product", self._product), self._read("currency", _currency)
        months = self._read("months", lambda cell: _needed(whole(cell, most=LONGEST_MONTHS)))
        low, high = self._read("qty_min", _quantity), self._read("qty_max", _quantity)
        price = self._read("price", amount)
        if high is not None and high < (low or 1):
            self._refuse(Flaw.BAND, "qty_max")
        if self.flaws or product is None or currency is None or months is None or price is None:
            return None
        return Listed(product, currency, months, low or 1, high, price)

    def _cell(self, column: str) -> str:
        place = self._places.get(column, len(self._row.cells))
        return self._row.cells[place].strip() if place < len(self._row.cells) else ""

    def _refuse(self, flaw: Flaw, column: str) -> None:
        value = self._cell(column)[:SHOWN]
        self.flaws.append({"line": self.number, "flaw": flaw.value, "column": column, "value": value})

    def _read(self, column: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(self._cell(column))
        except Flawed as flawed:
            self._refuse(flawed.flaw, column)
            return None

    def _product(self, cell: str) -> UUID:
        if not cell:
            raise Flawed(Flaw.MISSING)
        found = self._products.get(cell[1:] if cell.startswith(GUARDED) else cell)
        if found is None:
            raise Flawed(Flaw.PRODUCT)
        return found


def _currency(cell: str) -> str:
    if not is_currency(cell.upper()):
        raise Flawed(Flaw.CURRENCY if cell else Flaw.MISSING)
    return cell.upper()


def _quantity(cell: str) -> int | None:
    return whole(cell, most=LARGEST_QUANTITY)


def _needed(value: int | None) -> int:
    if value is None:
        raise Flawed(Flaw.MISSING)
    return value
