"""The pricing schedule on paper: a table for each programme and currency, and what changes when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from interface import dates
from renewals.documents.printing import cell, column, foot, printed


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A product and band; `prices` in the order of the terms, each with what it becomes, both ready to read."""

    product: str
    band: str
    prices: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The prices of one programme in one currency; `note` says since when, and through when."""

    title: str
    note: str
    terms: Sequence[str]
    rows: Sequence[PriceRow]


def prices_pdf(tables: Sequence[PriceTable], *, on: date, issuer: str) -> bytes:
    return printed("prices", paper(tables, on=on, issuer=issuer), dated_on=on)


def paper(tables: Sequence[PriceTable], *, on: date, issuer: str) -> dict[str, Any]:
    title, day = _("Pricing schedule"), dates.day_full(on)
    return {
        "title": title,
        "subtitle": _("Prices of one seat for the whole term, net of tax"),
        "reference": day,
        "issuer": issuer,
        **foot(_("Pricing schedule of %(day)s") % {"day": day}),
        "tables": [table(each) for each in tables],
    }


def table(each: PriceTable) -> dict[str, Any]:
    terms = [column(term, numeric=True) for term in each.terms]
    return {
        "title": each.title,
        "note": each.note,
        "columns": [column(_("Product"), wide=True), column(_("Quantity")), *terms],
        "rows": [
            [cell(row.product, strong=True), row.band, *(cell(price or "–", later) for price, later in row.prices)]
            for row in each.rows
        ],
    }
