"""A snapshot as a reader sees it: labelled, dated and numbered in the reader's way; and as lines of a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from interface import dates
from interface.countries import country_name
from interface.money import number
from licences.forms.transfers import COMPANY_FIELDS, LEFT_OUT, LICENCE_FIELDS
from licences.models import PROGRAMMES
from licences.rules.transfers import CompanyField, LicenceField, canonical

SHOWN = 500
DAYS = {LicenceField.STARTS_ON, LicenceField.EXPIRES_ON, LicenceField.BOUGHT_ON}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A snapshot's content for a page; `more` rows are not shown, but are part of `exact`, what is sealed."""

    company: list[tuple[Any, str]]
    columns: list[Any]
    rows: list[list[str]]
    more: int
    exact: str
    left_out: list[Any]


def sheet(content: Mapping[str, Any]) -> Sheet:
    """Everything in the snapshot, field by field."""
    company, licences = fields(content)
    return Sheet(
        company=[(COMPANY_FIELDS[each], told(each, content["company"][each])) for each in company],
        columns=[LICENCE_FIELDS[each] for each in licences],
        rows=[[told(each, row[each]) for each in licences] for row in content["licences"][:SHOWN]],
        more=max(0, len(content["licences"]) - SHOWN),
        exact=canonical(content).decode(),
        left_out=list(LEFT_OUT.values()),
    )


def fields(content: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The fields of the company and of the licences, in the order in which they are shown."""
    first: Mapping[str, Any] = next(iter(content["licences"]), {})
    company = [each.value for each in CompanyField if each.value in content["company"]]
    return company, [each.value for each in LicenceField if each.value in first]


def told(field: str, value: Any) -> str:
    """One value in the reader's words; a dash for nothing."""
    if value is None:
        return "—"
    if field in DAYS:
        return dates.day(date.fromisoformat(value))
    if field == LicenceField.QUANTITY:
        return number(value)
    if field == CompanyField.COUNTRY:
        return country_name(value)
    return str(PROGRAMMES[value]) if field == LicenceField.PROGRAMME else str(value)


def lines(content: Mapping[str, Any]) -> tuple[list[Any], list[list[Any]]]:
    """The header and the rows of a file: the company's fields again in each row. Dates are ISO 8601."""
    company, licences = fields(content)
    header = [*(COMPANY_FIELDS[each] for each in company), *(LICENCE_FIELDS[each] for each in licences)]
    ours = [content["company"][each] for each in company]
    return header, [[*ours, *(written(each, row[each]) for each in licences)] for row in content["licences"]]


def written(field: str, value: Any) -> Any:
    return str(PROGRAMMES[value]) if field == LicenceField.PROGRAMME else value
