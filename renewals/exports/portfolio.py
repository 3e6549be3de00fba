"""The portfolio as a file to take away: what the page shows and no more."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from interface.countries import country_name
from interface.downloads import csv_answer
from interface.labels import LEVEL_NAMES
from licences.models import PROGRAMMES
from licences.rules import NO_DATE
from licences.rules.serials import masked

COLUMNS = (
    "expires_on",
    "quantity",
    "programme",
    "access_level",
    "assignment__ends_on",
    "customer__name",
    "customer__country",
    "coverage__licence__serial",
    "coverage__licence__product__name",
)


def portfolio_csv(values: Iterable[Mapping[str, Any]], *, today: date) -> HttpResponse:
    """The rows of `values` (COLUMNS), dates as ISO 8601, serial numbers masked as on the page."""
    return csv_answer(f"portfolio-{today.isoformat()}.csv", _header(), _lines(values))


def _header() -> list[str]:
    return [
        gettext("Customer"),
        gettext("Country"),
        gettext("Product"),
        gettext("Licence number"),
        gettext("Programme"),
        gettext("Quantity"),
        gettext("Expires"),
        gettext("Access"),
        gettext("Access until"),
    ]


def _lines(values: Iterable[Mapping[str, Any]]) -> Iterator[list[object]]:
    for each in values:
        expires_on, ends_on = each["expires_on"], each["assignment__ends_on"]
        yield [
            each["customer__name"],
            country_name(each["customer__country"]),
            each["coverage__licence__product__name"],
            masked(each["coverage__licence__serial"]),
            PROGRAMMES[each["programme"]],
            each["quantity"],
            "" if expires_on == NO_DATE else expires_on.isoformat(),
            LEVEL_NAMES[each["access_level"]],
            ends_on.isoformat() if ends_on else "",
        ]
