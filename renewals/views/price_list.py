"""The table of a price schedule: a row for each product, currency and band, a column for each term."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from interface.money import number, percent, unit_price
from licences.models import PROGRAMMES
from renewals.models import PriceSchedule

KEYS = ("product__name", "schedule__programme", "currency", "qty_min", "product_id")
FLAT_KEYS = ("product__name", "schedule__programme", "currency", "qty_min", "months", "id")
FLAT = (*FLAT_KEYS, "product_id", "qty_max", "amount", "schedule__valid_from")
Key = tuple[Any, ...]
Coming = Mapping[str, PriceSchedule]
"""The next version of each programme that has one."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One price; `next` and `change` say what it becomes with the next version, empty where nothing changes."""

    price: str
    next: str = ""
    change: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A product, currency and band with its prices in the order of the terms; None where there is no such term."""

    product: str
    programme: str | Promise
    currency: str
    band: str
    next_on: date | None
    cells: list[Cell | None] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether any of its prices is another one in the next version."""
        return any(cell and (cell.next or cell.gone) for cell in self.cells)

    @property
    def last_on(self) -> date | None:
        """The last day of the prices that the next version does not have."""
        return self.next_on and self.next_on - timedelta(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One price of a version beside that of another; `state` is new, changed, unchanged or removed."""

    id: Any
    product: str
    programme: str | Promise
    currency: str
    band: str
    term: str
    old: str
    new: str
    change: str
    state: str
    begins_on: date | None


def term(months: int) -> str:
    """ "2 years", "18 months"."""
    if months % 12:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": number(months)}
    years = months // 12
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": number(years)}


def band(qty_min: int, qty_max: int | None) -> str:
    """ "1–49", "50 or more", "any quantity"."""
    if qty_max is None:
        return gettext("any quantity") if qty_min == 1 else gettext("%(least)s or more") % {"least": number(qty_min)}
    return number(qty_min) if qty_min == qty_max else f"{number(qty_min)}–{number(qty_max)}"


def change(old: Decimal | None, new: Decimal | None) -> str:
    """The difference as a signed percentage, to a tenth; empty where there is none to tell."""
    if not old or new is None or old == new:
        return ""
    share = (new - old) / old
    shown = percent(round(share, 3))
    return f"+{shown}" if share > 0 else shown.replace("-", "\u2212")


def terms(prices: Any) -> list[int]:
    """The terms that any of these prices has, shortest first."""
    return sorted(prices.order_by().values_list("months", flat=True).distinct())


def rows(
    series: Iterable[Mapping[str, Any]],
    *,
    months: Sequence[int],
    now: Any,
    then: Any,
    coming: Mapping[str, PriceSchedule],
) -> list[Row]:
    """The rows of a page; `now` and `then` are the prices in force and those that come, of any products."""
    series = list(series)
    products = {each["product_id"] for each in series}
    here, later = _found(now.filter(product__in=products)), _found(then.filter(product__in=products))
    return [_row(each, months, here, later, coming.get(each["schedule__programme"])) for each in series]


def _found(prices: Any) -> dict[Key, tuple[Decimal, int | None]]:
    rows = prices.order_by().values_list(*KEYS, "months", "amount", "qty_max")
    return {row[:-2]: row[-2:] for row in rows}


def _row(each: Mapping[str, Any], months: Sequence[int], here: Any, later: Any, coming: PriceSchedule | None) -> Row:
    key = tuple(each[name] for name in KEYS)
    found = [here.get((*key, term)) for term in months]
    ends = [high for _amount, high in filter(None, found)]
    return Row(
        product=each["product__name"],
        programme=PROGRAMMES[each["schedule__programme"]],
        currency=each["currency"],
        band=band(each["qty_min"], ends[0] if ends else None),
        next_on=coming.valid_from if coming else None,
        cells=[
            _cell(price, later.get((*key, term)), each["currency"], is_replaced=bool(coming))
            for price, term in zip(found, months, strict=True)
        ],
    )


def _cell(price: Any, following: Any, currency: str, *, is_replaced: bool) -> Cell | None:
    if price is None:
        return None
    amount, shown = price[0], unit_price(price[0], currency)
    if following is None:
        return Cell(shown, gone=is_replaced)
    if following[0] == amount:
        return Cell(shown)
    return Cell(shown, unit_price(following[0], currency), change(amount, following[0]))


def lines(found: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Prices annotated by `beside`, or those that are gone."""
    return [_line(each) for each in found]


def _line(each: Mapping[str, Any]) -> Line:
    state, currency = each.get("state", "removed"), each["currency"]
    old, new = (each["amount"], None) if state == "removed" else (each["old_amount"], each["amount"])
    return Line(
        id=each["id"],
        product=each["product__name"],
        programme=PROGRAMMES[each["schedule__programme"]],
        currency=currency,
        band=band(each["qty_min"], each["qty_max"]),
        term=term(each["months"]),
        old="" if old is None or old == new else unit_price(old, currency),
        new="" if new is None else unit_price(new, currency),
        change=change(old, new),
        state=state,
        begins_on=each["schedule__valid_from"],
    )
