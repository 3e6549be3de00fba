"""What a firm would hold after a change that is not made yet: the grants, and what they would show.

The services make the same changes for good; tests/licences/test_outlook.py holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from licences.rules import Scope
from licences.rules.access import Grant, Terms, Ticks, Wish, changes_of, terms_for

NEW = UUID(int=0)
"""Stands for a grant that has no id yet."""


def confirmed(grants: Iterable[Grant], draft: Grant) -> list[Grant]:
    """A draft in force beside what the firm holds already."""
    moved = draft.named if draft.terms.scope is Scope.SELECTED else frozenset[UUID]()
    return [*without(grants, moved), draft]


def without(grants: Iterable[Grant], coverages: frozenset[UUID]) -> list[Grant]:
    """Selected grants give the coverages up: each is in one selected grant of a firm at most."""
    return [
        replace(grant, named=grant.named - coverages) if grant.terms.scope is Scope.SELECTED else grant
        for grant in grants
    ]


def edited(grants: Iterable[Grant], pk: UUID, *, terms: Terms, ticks: Ticks, owned: frozenset[UUID]) -> list[Grant]:
    """One grant with other terms or other licences; `owned` are all coverages of the customer."""
    others = [grant for grant in grants if grant.id != pk]
    now = next(grant for grant in grants if grant.id == pk)
    reached = frozenset(coverage for coverage in owned if now.reaches(coverage))
    added, removed = (ticks.add & owned) - reached, ticks.remove & reached
    if terms.scope is Scope.ALL:
        is_new = now.terms.scope is Scope.SELECTED
        return [*others, Grant(pk, terms, frozenset() if is_new else (now.named - added) | removed)]
    if now.terms.scope is Scope.ALL:
        reached -= frozenset[UUID]().union(*(each.named for each in others if each.terms.scope is Scope.SELECTED))
    return [*without(others, added), Grant(pk, terms, (reached | added) - removed)]


def wished(grants: Iterable[Grant], wish: Wish) -> list[Grant]:
    """Some coverages with a level of their own, with nothing, or with what the grant of everything gives."""
    held = list(grants)
    moved = frozenset(change.coverage for change in changes_of(wish, held))
    left = without(held, moved)
    if wish.terms:
        return [*left, Grant(NEW, wish.terms, moved)]
    return [
        replace(grant, named=grant.named - moved if wish.follow else grant.named | moved)
        if grant.terms.scope is Scope.ALL
        else grant
        for grant in left
    ]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The customer's coverages that a firm would see, each with its terms; `knows` the customer itself and its people:
    by a grant of everything even when that reaches nothing.
    """

    terms: dict[UUID, Terms]
    knows: bool


def foreseen(grants: Iterable[Grant], owned: Iterable[UUID]) -> Foreseen:
    """What a firm with these grants sees; a selected grant that names nothing any more is over."""
    held = [grant for grant in grants if grant.named or grant.terms.scope is Scope.ALL]
    found = ((coverage, terms_for(held, coverage)) for coverage in owned)
    return Foreseen({coverage: terms for coverage, terms in found if terms}, knows=bool(held))
