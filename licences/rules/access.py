"""Access: what a grant reaches, how long it may last, and what a change of it means."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from accounts.rules import AccessLevel, Power
from licences.rules import Scope
from licences.rules.ends import STANDARD, EndPolicy

PRESET_MONTHS = 12
SHORT_MONTHS = 3


class Refusal(StrEnum):
    """Why a wish for access is turned down."""

    END_PAST = "end_past"
    END_TOO_LATE = "end_too_late"
    NOTHING_CHOSEN = "nothing_chosen"
    NO_CONTACT = "no_contact"
    ALREADY_ALL = "already_all"
    ALREADY_ASKED = "already_asked"
    NOTHING_MORE = "nothing_more"
    SUPPORT_TOO_LATE = "support_too_late"
    SUPPORTED_ALREADY = "supported_already"
    NO_PROGRAMME = "no_programme"
    NEVER_EXTENDED = "never_extended"
    NOTHING_LEFT = "nothing_left"
    NO_AGREEMENT = "no_agreement"


class Refused(Exception):
    """The wish cannot be granted to anybody, whoever asks; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Terms:
    """How far a grant reaches, what it allows, and its last day, inclusive in the customer's zone.

    `extends`: when that day comes it goes on once by itself. It is no part of what a firm may do today, so two terms
    are equal without it.
    """

    scope: Scope
    level: AccessLevel
    ends_on: date
    extends: bool = field(default=False, compare=False)

    @property
    def may_extend(self) -> bool:
        """Renew on everything never goes on by itself (1-product, "Assignment")."""
        return not (self.scope is Scope.ALL and self.level is AccessLevel.RENEW)


@dataclass(frozen=True, slots=True)
class Ticks:
    """The coverages that a form adds to a grant and those that it takes away; all others stay as they are."""

    add: frozenset[UUID] = frozenset()
    remove: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """What some coverages shall have with one firm. Level NONE: nothing, not even by a grant of everything.

    `follow` gives them what the firm's grant of everything gives; level and end then do not matter.
    """

    coverages: frozenset[UUID]
    level: AccessLevel = AccessLevel.NONE
    ends_on: date | None = None
    follow: bool = False

    @property
    def terms(self) -> Terms | None:
        """What the coverages get of their own; None for no access and for following."""
        if self.follow or not self.level or not self.ends_on:
            return None
        return Terms(Scope.SELECTED, self.level, self.ends_on)


@dataclass(frozen=True, slots=True)
class Change:
    """What one firm may do with a coverage before and after; None is no access."""

    coverage: UUID
    before: Terms | None
    after: Terms | None


@dataclass(frozen=True, slots=True)
class Grant:
    """An assignment in force. `named` are its ticks, or with scope ALL what it leaves out."""

    id: UUID
    terms: Terms
    named: frozenset[UUID]

    def reaches(self, coverage: UUID) -> bool:
        return (coverage in self.named) is (self.terms.scope is Scope.SELECTED)


def effective(grants: Iterable[Grant], coverage: UUID) -> Grant | None:
    """The one of a firm's grants that counts for a coverage (1-product, "Access": selected beats all, even when lower).

    The order is that of `coterm_effective_grants` in sql/support.sql.
    """
    reaching = sorted((grant for grant in grants if grant.reaches(coverage)), key=lambda grant: grant.id)
    return max(reaching, key=lambda g: (g.terms.scope is Scope.SELECTED, g.terms.ends_on), default=None)


def terms_for(grants: Iterable[Grant], coverage: UUID) -> Terms | None:
    """What a firm with these grants may do with a coverage; None is nothing."""
    grant = effective(grants, coverage)
    return grant.terms if grant else None


def changes_of(wish: Wish, grants: Iterable[Grant]) -> list[Change]:
    """What granting the wish would do to each of its coverages, those that stay as they are left out."""
    held = list(grants)
    everything = [grant for grant in held if grant.terms.scope is Scope.ALL]
    following = everything[0].terms if wish.follow and everything else None
    changes = []
    for coverage in sorted(wish.coverages):
        change = Change(coverage, terms_for(held, coverage), wish.terms or following)
        if change.before != change.after:
            changes.append(change)
    return changes


def widens(before: Terms | None, after: Terms | None) -> bool:
    """Whether a coverage is shared for more, or for longer, than before; None is no access."""
    if after is None:
        return False
    if before is None:
        return True
    longer = after.ends_on > before.ends_on or (after.extends and not before.extends)
    return after.level > before.level or longer


def power_for(changes: Iterable[tuple[Terms | None, Terms | None]]) -> Power:
    """The power that these changes, each before and after, need (1-product, "Roles of a customer").

    Taking a lower grant away can widen too: a grant of everything takes over.
    """
    wider = [after for before, after in changes if after and widens(before, after)]
    if any(terms.scope is Scope.ALL or terms.level is AccessLevel.RENEW for terms in wider):
        return Power.GRANT_ANY
    return Power.GRANT_SELECTED if wider else Power.NARROW_ACCESS


def power_to_give(terms: Terms) -> Power:
    """The power that giving these terms to a firm without access needs."""
    return power_for([(None, terms)])


def check_extension(terms: Terms) -> None:
    """Raises `Refused` when access would go on by itself that must not."""
    if terms.extends and not terms.may_extend:
        raise Refused(Refusal.NEVER_EXTENDED)


def check_end(ends_on: date, *, today: date, policy: EndPolicy = STANDARD) -> None:
    """Raises `Refused` when access would have ended already, or would last too long."""
    if ends_on < today:
        raise Refused(Refusal.END_PAST)
    if ends_on > policy.latest(today):
        raise Refused(Refusal.END_TOO_LATE)


def end_after_last(expiries: Iterable[date | None], *, today: date, policy: EndPolicy = STANDARD) -> date | None:
    """The preset "last expiry": of the chosen coverages' dates the latest, at most the longest; None if all lapsed."""
    last = max((day for day in expiries if day and day >= today), default=None)
    return last and min(last, policy.latest(today))
