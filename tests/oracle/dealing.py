"""The model's part about leads, certificates, decisions and quotes: from 1-product ("Access", "Quote and order")."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Lead:
    """A firm that a customer has named for one coverage; `in_sight` while it saw it when everybody last looked."""

    customer: UUID
    firm: UUID
    coverage: UUID
    in_sight: bool = True


@dataclass
class Offer:
    """A quote for a customer, by the customer itself or by a firm, and whether it has become an order."""

    customer: UUID
    author: UUID
    coverages: set[UUID]
    is_draft: bool = True
    is_ordered: bool = False
    is_cancelled: bool = False


@dataclass
class Dealing:
    """Who leads, what was offered and ordered, certified, and given up: each coverage with who has said so."""

    leads: list[Lead] = field(default_factory=list, kw_only=True)
    offers: dict[UUID, Offer] = field(default_factory=dict, kw_only=True)
    certified: set[UUID] = field(default_factory=set, kw_only=True)
    certified_whole: set[UUID] = field(default_factory=set, kw_only=True)
    given_up: set[tuple[UUID, UUID]] = field(default_factory=set, kw_only=True)

    def lead(self, customer: UUID, firm: UUID, coverages: Iterable[UUID]) -> bool:
        """One lead for each coverage at most, and nobody leads what it does not see."""
        seen = {coverage for coverage in coverages if self.level(coverage, firm)}
        self.leads = [each for each in self.leads if each.coverage not in seen]
        self.leads += [Lead(customer, firm, coverage) for coverage in sorted(seen)]
        return bool(seen)

    def is_paused(self, lead: Lead) -> bool:
        """Whether an access that is only paused reaches the coverage: then the lead waits with it."""
        return any(
            (grant.customer, grant.firm, grant.status) == (lead.customer, lead.firm, "suspended")
            and (lead.coverage in grant.named) is not grant.everything
            for grant in self.grants.values()
        )

    def let_leads_fall(self, *, thoroughly: bool) -> None:
        """A lead falls away with its access at once, and with one that ends while it is paused by the next review."""
        standing = []
        for lead in self.leads:
            sees = bool(self.level(lead.coverage, lead.firm))
            if sees or self.is_paused(lead) or not (lead.in_sight or thoroughly):
                standing.append(lead)
            lead.in_sight = sees
        self.leads = standing

    def may_quote(self, coverages: Iterable[UUID], author: UUID, *, level: int = 2) -> bool:
        """Each of them, at level Quote or, as for placing an order, at Renew; what is gone nobody quotes."""
        return all(each in self.owner_of and self.level(each, author) >= level for each in coverages)

    def may_place(self, offer: Offer, firm: UUID) -> bool:
        """The order that waits, of whoever's quote."""
        waits = offer.is_ordered and not offer.is_cancelled
        return waits and offer.author != firm and self.may_quote(offer.coverages, firm, level=3)

    def is_kept(self, offer: Offer) -> bool:
        """Whether its author still reads it: a customer for ever, a firm while it may quote all of it."""
        return offer.author == offer.customer or self.may_quote(offer.coverages, offer.author)

    def at_hand(self, customer: UUID, *, by: UUID | None = None, **state: bool) -> list[UUID]:
        """The offers to a customer in such a state, of that author alone if one is named."""
        return sorted(
            pk
            for pk, offer in self.offers.items()
            if offer.customer == customer
            and by in (None, offer.author)
            and all(getattr(offer, name) is value for name, value in state.items())
        )

    def forget_deals(self, coverage: UUID) -> None:
        self.leads = [each for each in self.leads if each.coverage != coverage]
        self.certified.discard(coverage)
        self.given_up = {said for said in self.given_up if said[0] != coverage}
