"""Which dates a coverage can be brought to (1-product, "Synchronise several", "Budget → date")."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from renewals.rules.positions import Position
from renewals.rules.refusals import TooEarly, TooLate


def refuse_early(positions: Iterable[Position], ends_on: Mapping[UUID, date], *, minimum_months: int = 0) -> None:
    """Raises TooEarly, naming every coverage whose date lies before its first possible one."""
    first = {each.coverage: each.first_end(minimum_months=minimum_months) for each in positions}
    if early := {coverage: limit for coverage, limit in first.items() if ends_on[coverage] < limit}:
        raise TooEarly(early)


def refuse_late(positions: Iterable[Position], ends_on: Mapping[UUID, date]) -> None:
    """Raises TooLate, naming every coverage whose date lies after its product's last cover date."""
    last = {each.coverage: each.entitlement.last_cover_on for each in positions}
    if late := {coverage: limit for coverage, limit in last.items() if limit and ends_on[coverage] > limit}:
        raise TooLate(late)
