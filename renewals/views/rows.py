"""Coverages as the rows of a table: every word ready, so that a page of fifty costs little."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.rules import AccessLevel
from interface import dates
from interface.money import number
from interface.paging import Page
from interface.templatetags.ui import level, when
from licences.models import PROGRAMMES
from licences.rules import NO_DATE
from licences.rules.serials import masked
from renewals.rules.filters import Filters
from renewals.views.given_up import Mark
from renewals.views.narrowing import Totals, address

Marked = Mapping[UUID, Mark]
UNMARKED: Marked = MappingProxyType({})
ENDING_DAYS = 30
COLUMNS = (
    "coverage_id",
    "expires_on",
    "quantity",
    "programme",
    "access_level",
    "assignment_id",
    "assignment__ends_on",
    "customer__name",
    "customer__slug",
    "coverage__licence",
    "coverage__licence__serial",
    "coverage__licence__product__name",
)
HEADS: tuple[tuple[str, str | Promise, str], ...] = (
    ("customer", _("Customer"), ""),
    ("", _("Product"), "col-2"),
    ("", _("Programme"), "col-3"),
    ("-quantity", _("Quantity"), "num col-3"),
    ("expires", _("Expires"), ""),
    ("hidden", _("Relative to today"), "col-4"),
    ("", _("Access"), "col-2"),
    ("", _("Licence number"), "end col-4"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `url` sorts by it, the other way round where it is sorted already."""

    label: str | Promise
    css: str
    url: str = ""
    sorted: str = ""
    hidden: bool = False

    @property
    def arrow(self) -> str:
        return {"ascending": "↑", "descending": "↓"}.get(self.sorted, "")


def heads(filters: Filters) -> list[Head]:
    """The heads of the portfolio's columns."""
    return [_head(sort, label, css, filters) for sort, label, css in HEADS]


def _head(sort: str, label: str | Promise, css: str, filters: Filters) -> Head:
    if not sort or sort == "hidden":
        return Head(label, css, hidden=bool(sort))
    if filters.sort.lstrip("-") != sort.lstrip("-"):
        return Head(label, css, address(replace(filters, sort=sort)))
    if filters.sort.startswith("-"):
        return Head(label, css, address(replace(filters, sort=sort.lstrip("-"))), "descending")
    return Head(label, css, address(replace(filters, sort=f"-{filters.sort}")), "ascending")


@dataclass(frozen=True, slots=True)
class Row:
    """One coverage, in the reader's language; `access_until` is empty unless the access ends soon, and `ask_url` above
    level View.
    """

    coverage_id: UUID
    customer: str
    slug: str
    product: str
    licence_url: str
    programme: str | Promise
    serial: str
    quantity: str
    day: str
    when: SafeString | str
    level: SafeString
    access_until: str
    ask_url: str
    mark: Mark | None = None


def rows(values: Iterable[Mapping[str, Any]], *, today: date, marked: Marked = UNMARKED) -> list[Row]:
    """The rows of `values` (COLUMNS); each distinct date, level and number is written once."""
    day, pill = cache(dates.day), cache(lambda on: when(on, today))
    asking = cache(lambda pk: reverse("licences:ask", args=[pk]))
    bars, figure = cache(level), cache(number)
    return [
        Row(
            coverage_id=each["coverage_id"],
            customer=each["customer__name"],
            slug=each["customer__slug"],
            product=each["coverage__licence__product__name"],
            licence_url=reverse("licences:licence", args=[each["coverage__licence"]]),
            programme=PROGRAMMES[each["programme"]],
            serial=masked(each["coverage__licence__serial"]),
            quantity=figure(each["quantity"]),
            day=_dated(each["expires_on"], day),
            when=_dated(each["expires_on"], pill),
            level=bars(each["access_level"]),
            ask_url=_asking(each["access_level"], asking, each["assignment_id"]),
            access_until=_ending(each["assignment__ends_on"], day, today),
            mark=marked.get(each["coverage_id"]),
        )
        for each in values
    ]


def _dated(on: date, write: Callable[[date], str]) -> str:
    return "" if on == NO_DATE else write(on)


def _asking(held: int, write: Callable[[UUID], str], assignment: UUID | None) -> str:
    """Where to ask for more, from a level that knows the dates alone."""
    return write(assignment) if assignment and held == AccessLevel.VIEW else ""


def _ending(on: date | None, write: Callable[[date], str], today: date) -> str:
    return write(on) if on and on <= today + timedelta(ENDING_DAYS) else ""


def summary(page: Page[Any], totals: Totals) -> str:
    """How much there is; the first page says which part of it is shown."""
    licences = ngettext("%(count)s licence", "%(count)s licences", totals.licences) % {"count": number(totals.licences)}
    if page.previous_cursor or not page.next_cursor:
        shown = ngettext("%(count)s coverage", "%(count)s coverages", totals.rows) % {"count": number(totals.rows)}
    else:
        counts = {"last": number(len(page)), "all": number(totals.rows)}
        shown = gettext("Rows 1 to %(last)s of %(all)s") % counts
    return f"{shown} · {licences}"
