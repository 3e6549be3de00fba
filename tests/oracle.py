"""A model of who sees what, in plain Python: written from 1-product ("Access", "Assignment"), not from the code."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass
class Grant:
    """A grant of a customer to a firm; `named` are its ticks, or what a grant of everything leaves out."""

    customer: UUID
    firm: UUID
    everything: bool
    named: set[UUID]
    level: int
    ends_on: date
    revoked: bool = False


@dataclass
class World:
    """All that was granted, and what time it is."""

    zones: dict[UUID, str]
    now: datetime
    owner_of: dict[UUID, UUID] = field(default_factory=dict)
    grants: dict[UUID, Grant] = field(default_factory=dict)

    def today(self, customer: UUID) -> date:
        return self.now.astimezone(ZoneInfo(self.zones[customer])).date()

    def held(self, customer: UUID, firm: UUID) -> dict[UUID, Grant]:
        """What a firm has now; the last day counts, where the customer is."""
        return {
            pk: grant
            for pk, grant in self.grants.items()
            if (grant.customer, grant.firm) == (customer, firm)
            and not grant.revoked
            and self.today(customer) <= grant.ends_on
        }

    def level(self, coverage: UUID, organisation: UUID) -> int:
        """0 for unseen; an owner may do everything; a selected grant beats one of everything, even when lower."""
        customer = self.owner_of[coverage]
        if organisation == customer:
            return 3
        held = self.held(customer, organisation).values()
        selected = [grant.level for grant in held if not grant.everything and coverage in grant.named]
        reaching = [grant.level for grant in held if grant.everything and coverage not in grant.named]
        return [*selected, *reaching, 0][0]

    def seen_by(self, organisation: UUID | None) -> dict[UUID, int]:
        """The coverages that an organisation sees, each with its level; nobody sees any."""
        levels = {coverage: self.level(coverage, organisation) for coverage in self.owner_of} if organisation else {}
        return {coverage: level for coverage, level in levels.items() if level}

    def forget(self, coverage: UUID) -> None:
        """A coverage is gone, and with it every mention of it."""
        del self.owner_of[coverage]
        for grant in self.grants.values():
            grant.named.discard(coverage)

    def leave(self, customer: UUID, firm: UUID, coverages: set[UUID], *, to: UUID | None) -> None:
        """A coverage is in one selected grant of a firm; a grant that so loses its last one is over."""
        for pk, grant in self.held(customer, firm).items():
            if pk != to and not grant.everything and grant.named & coverages:
                grant.named = grant.named - coverages
                grant.revoked = not grant.named

    def may_assign(self, customer: UUID, firm: UUID, *, everything: bool) -> bool:
        """A firm has one grant of everything at most."""
        return not (everything and any(grant.everything for grant in self.held(customer, firm).values()))

    def assign(self, pk: UUID, customer: UUID, firm: UUID, ticks: set[UUID] | None, level: int, ends_on: date) -> None:
        """A new grant; without ticks it is one of everything."""
        self.leave(customer, firm, ticks or set(), to=None)
        self.grants[pk] = Grant(customer, firm, ticks is None, set(ticks or ()), level, ends_on)

    def changed(self, pk: UUID, *, everything: bool, add: set[UUID], remove: set[UUID]) -> set[UUID] | None:
        """What the grant would name after a change of its scope and ticks; None when that cannot be."""
        grant = self.grants[pk]
        others = {p: g for p, g in self.held(grant.customer, grant.firm).items() if p != pk}
        if everything and not grant.everything:
            return None if any(other.everything for other in others.values()) else set()
        if everything:
            return (grant.named | remove) - add
        if grant.everything:
            ticked = {coverage for other in others.values() if not other.everything for coverage in other.named}
            own = {coverage for coverage, owner in self.owner_of.items() if owner == grant.customer}
            named = (own - grant.named - ticked) | (add & grant.named)
        else:
            named = grant.named | add
        return (named - remove) or None

    def change(self, pk: UUID, everything: bool, named: set[UUID], level: int, ends_on: date) -> None:
        grant = self.grants[pk]
        grant.everything, grant.named, grant.level, grant.ends_on = everything, set(named), level, ends_on
        if not everything:
            self.leave(grant.customer, grant.firm, named, to=pk)

    def set_cells(self, customer: UUID, firm: UUID, cells: set[UUID], wish: object, target: UUID | None) -> None:
        """Cells leave every selected grant; then they are named by `target`, left out of everything, or follow it."""
        self.leave(customer, firm, cells, to=target)
        if wish.level and cells:
            grant = self.grants.setdefault(target, Grant(customer, firm, False, set(), int(wish.level), wish.ends_on))
            assert (grant.level, grant.ends_on, grant.everything) == (int(wish.level), wish.ends_on, False)
            grant.named = grant.named | cells
        for grant in self.held(customer, firm).values():
            if grant.everything and not wish.level:
                grant.named = grant.named - cells if wish.follow else grant.named | cells
