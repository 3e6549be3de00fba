"""Price schedules as files, which our own import reads again."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse

from interface.downloads import csv_answer
from interface.money import plain_price
from renewals.rules.listing import COLUMNS

FIELDS = ("schedule__programme", "product__name", "currency", "months", "qty_min", "qty_max", "amount")
DATES = ("schedule__valid_from", "schedule__valid_to")
ORDER = ("schedule__programme", "product__name", "currency", "qty_min", "months", "pk")


def prices_csv(name: str, prices: Any, *, dated: bool = False) -> HttpResponse:
    """One line a price, with the days of its version if `dated`; amounts with a decimal point, in any language."""
    header = (*COLUMNS, *(("valid_from", "valid_to") if dated else ()))
    return csv_answer(name, header, _lines(prices.order_by(*ORDER).values_list(*FIELDS, *DATES), width=len(header)))


def _lines(rows: Iterable[tuple[Any, ...]], *, width: int) -> Iterator[tuple[Any, ...]]:
    for programme, product, currency, months, low, high, amount, *dates in rows:
        yield (programme, product, currency, months, low, high, plain_price(amount, currency), *dates)[:width]
