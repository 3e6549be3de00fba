"""A list of licences to tick, a page at a time, and the matrix of what each level allows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import LEVEL_POWERS
from accounts.rules import AccessLevel, Actor, Power
from interface.paging import Page, page
from licences.models import Visibility
from licences.rules import NO_DATE
from licences.rules.access import Ticks

SIZE = 100
HINTS: dict[AccessLevel, str | Promise] = {
    AccessLevel.VIEW: _("Knows the dates"),
    AccessLevel.QUOTE: _("Prepares the renewal"),
    AccessLevel.RENEW: _("Renews for you"),
}
ABILITIES: tuple[tuple[str | Promise, Power], ...] = (
    (_("See products, quantities and expiry dates"), Power.SEE_DATES),
    (_("Be reminded before expiry"), Power.SEE_DATES),
    (_("See renewal certificates"), Power.SEE_DATES),
    (_("See your prices"), Power.SEE_PRICES),
    (_("Build and save quotes, propose one date"), Power.BUILD_QUOTES),
    (_("Propose reinstating what lapsed"), Power.BUILD_QUOTES),
    (_("Place the order once you approve the quote"), Power.PLACE_ORDERS),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One licence of the list."""

    coverage: UUID
    row: Visibility
    ticked: bool
    is_stored: bool

    @property
    def differs(self) -> bool:
        """Whether the form would have it otherwise than it is now."""
        return self.ticked != self.is_stored

    @property
    def has_date(self) -> bool:
        return self.row.expires_on != NO_DATE


@dataclass(frozen=True, slots=True)
class TickList:
    """A page of the customer's licences; `chosen` of `total` counts all pages."""

    lines: list[Line]
    page: Page[Visibility]
    chosen: int
    total: int

    @property
    def turns(self) -> bool:
        """Whether there is more than this page."""
        return bool(self.page.previous_cursor or self.page.next_cursor)


def tick_list(
    actor: Actor, params: dict[str, Any], *, named: Callable[[list[UUID]], set[UUID]], chosen: int, posted: Ticks
) -> TickList:
    """The page of licences that `params` ask for, soonest expiry first; `named` says which of them have a tick.

    What a form has `posted` that could not be saved is kept on its page.
    """
    rows = Visibility.objects.visible_to(actor).select_related("coverage__licence__product")
    found = page(rows, params, keys=("expires_on", "coverage_id"), size=SIZE)
    listed = [row.coverage_id for row in found]
    stored = named(listed)
    ticked = (stored | posted.add.intersection(listed)) - posted.remove
    lines = [Line(row.coverage_id, row, row.coverage_id in ticked, row.coverage_id in stored) for row in found]
    total = Visibility.objects.visible_to(actor).count()
    return TickList(lines, found, chosen + len(ticked) - len(stored), total)


def matrix(*, any_terms: bool) -> dict[str, Any]:
    """Levels and what they allow, read off the permission table; Renew only for those who may give it."""
    offered = [level for level in HINTS if any_terms or level < AccessLevel.RENEW]
    return {
        "levels": [(int(level), HINTS[level]) for level in offered],
        "rows": [(label, [power in LEVEL_POWERS[level] for level in offered]) for label, power in ABILITIES],
    }
