"""A model of who sees what, in plain Python: written from 1-product ("Access", "Assignment"), not from the code."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.oracle.dealing import Dealing
from tests.oracle.handing import Handing

KNOWN = ("active", "suspended", "expired", "revoked", "resigned")
A_DAY, A_DAY_AT_MOST = timedelta(days=1), 5
REQUESTS_WAIT = timedelta(days=90)


@dataclass
class Grant:
    """A grant of a customer to a firm; `named` are its ticks, or what a grant of everything leaves out."""

    customer: UUID
    firm: UUID
    everything: bool
    named: set[UUID]
    level: int
    ends_on: date
    status: str = "active"
    paused_by: str = ""
    approach: UUID | None = None
    reply: bool = False

    @property
    def stands(self) -> bool:
        return self.status in ("active", "suspended")

    def take_out(self, coverages: set[UUID]) -> None:
        """A selected grant that so loses its last coverage is over."""
        self.named = self.named - coverages
        self.status = self.status if self.named else "revoked"


@dataclass
class Asked:
    """A firm asks for more than a grant gives it."""

    grant: UUID
    level: int
    ends_on: date
    at: datetime
    answer: str = "waiting"


@dataclass
class Approach:
    """A firm asks whoever it means, and is not told whether there is one."""

    firm: UUID
    at: datetime
    withdrawn: bool = False


@dataclass
class Support:
    """A customer lets the programme look, at level View."""

    customer: UUID
    programme: UUID
    ends_on: date
    ended: bool = False


@dataclass
class World(Handing, Dealing):
    """All that was granted, and what time it is."""

    zones: dict[UUID, str]
    now: datetime
    owner_of: dict[UUID, UUID] = field(default_factory=dict)
    licences: dict[UUID, UUID] = field(default_factory=dict)
    licence_of: dict[UUID, UUID] = field(default_factory=dict)
    programme_of: dict[UUID, str] = field(default_factory=dict)
    expires_on: dict[UUID, date] = field(default_factory=dict)
    grants: dict[UUID, Grant] = field(default_factory=dict)
    asked: dict[UUID, Asked] = field(default_factory=dict)
    approaches: dict[UUID, Approach] = field(default_factory=dict)
    support: dict[UUID, Support] = field(default_factory=dict)
    without_agreement: set[UUID] = field(default_factory=set)
    coded: set[UUID] = field(default_factory=set)
    staffed: set[UUID] = field(default_factory=set)

    def today(self, customer: UUID) -> date:
        return self.now.astimezone(ZoneInfo(self.zones[customer])).date()

    def own(self, customer: UUID) -> set[UUID]:
        return {coverage for coverage, owner in self.owner_of.items() if owner == customer}

    def add(self, coverage: UUID, *, owner: UUID, licence: UUID, programme: str, expires_on: date) -> None:
        self.owner_of[coverage], self.licence_of[coverage] = owner, licence
        self.programme_of[coverage], self.expires_on[coverage] = programme, expires_on

    def over(self, grant: Grant | Support) -> bool:
        """The last day counts, where the customer is."""
        return self.today(grant.customer) > grant.ends_on

    def held(self, customer: UUID, firm: UUID) -> dict[UUID, Grant]:
        """What a firm has now."""
        return {
            pk: grant
            for pk, grant in self.grants.items()
            if (grant.customer, grant.firm) == (customer, firm) and grant.status == "active" and not self.over(grant)
        }

    def standing(self, customer: UUID, firm: UUID, *statuses: str) -> list[UUID]:
        """The firm's grants of these statuses whose last day is not past, paused ones too."""
        return sorted(
            pk
            for pk, grant in self.grants.items()
            if (grant.customer, grant.firm) == (customer, firm) and grant.status in statuses and not self.over(grant)
        )

    def looking(self, customer: UUID, programme: UUID | None = None) -> list[UUID]:
        """The support access of a customer that is open now; there is one at most."""
        return [
            pk
            for pk, each in self.support.items()
            if each.customer == customer
            and programme in (None, each.programme)
            and not each.ended
            and not self.over(each)
        ]

    def level(self, coverage: UUID, organisation: UUID) -> int:
        """0 for unseen; an owner may do everything; a selected grant beats one of everything, even when lower."""
        customer = self.owner_of[coverage]
        if organisation == customer:
            return 3
        held = self.held(customer, organisation).values()
        selected = [grant.level for grant in held if not grant.everything and coverage in grant.named]
        reaching = [grant.level for grant in held if grant.everything and coverage not in grant.named]
        return [*selected, *reaching, *(1 for _ in self.looking(customer, organisation)), 0][0]

    def paused_by(self, customer: UUID) -> set[UUID]:
        """The firms that have a paused grant of a customer: they know whose it is, to give it up."""
        return {g.firm for g in self.grants.values() if g.customer == customer and g.status == "suspended"}

    def seen_by(self, organisation: UUID | None) -> dict[UUID, int]:
        """The coverages that an organisation sees, each with its level; nobody sees any."""
        levels = {coverage: self.level(coverage, organisation) for coverage in self.owner_of} if organisation else {}
        return {coverage: level for coverage, level in levels.items() if level}

    def customers_of(self, organisation: UUID) -> set[UUID]:
        """The customers that let a firm or the programme see something, or would if they had it."""
        return {
            customer
            for customer in self.zones
            if self.held(customer, organisation) or self.looking(customer, organisation)
        }

    def forget(self, coverage: UUID) -> None:
        """A coverage is gone, and with it every mention of it."""
        del self.owner_of[coverage]
        for mention in (*self.grants.values(), *self.transfers.values()):
            mention.named.discard(coverage)
        self.forget_deals(coverage)

    def leave(self, customer: UUID, firm: UUID, coverages: set[UUID], *, to: UUID | None) -> None:
        """A coverage is in one selected grant of a firm."""
        for pk, grant in self.held(customer, firm).items():
            if pk != to and not grant.everything and grant.named & coverages:
                grant.take_out(coverages)

    def has_all(self, customer: UUID, firm: UUID) -> bool:
        return any(grant.everything for grant in self.held(customer, firm).values())

    def assign(self, pk: UUID, grant: Grant) -> bool:
        """A new grant; False where it stays a draft, for a firm has one grant of everything at most."""
        possible = not (grant.everything and self.has_all(grant.customer, grant.firm))
        if possible:
            self.leave(grant.customer, grant.firm, set() if grant.everything else grant.named, to=None)
        grant.status = "active" if possible else "draft"
        self.grants[pk] = grant
        return possible

    def drafted(self, pk: UUID, ticks: set[UUID]) -> None:
        """A draft keeps what was ticked, whatever its scope."""
        if self.grants[pk].status == "draft":
            self.grants[pk].named = ticks

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
            named = (self.own(grant.customer) - grant.named - ticked) | (add & grant.named)
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

    def pause(self, pk: UUID, *, by: str) -> None:
        self.grants[pk].status, self.grants[pk].paused_by = "suspended", by

    def resume(self, pk: UUID, *, by: str) -> bool:
        """Only the side that paused it; what other grants have been given meanwhile stays with them."""
        grant = self.grants[pk]
        if grant.paused_by != by:
            return False
        held = self.held(grant.customer, grant.firm).values()
        taken = {coverage for other in held if not other.everything for coverage in other.named}
        if self.has_all(grant.customer, grant.firm) if grant.everything else not grant.named - taken:
            return False
        grant.named = grant.named if grant.everything else grant.named - taken
        grant.status, grant.paused_by = "active", ""
        return True

    def end(self, pk: UUID, status: str) -> None:
        self.grants[pk].status = status

    def waiting(self, pk: UUID) -> list[UUID]:
        """What a firm has asked for about a grant, while it is not answered."""
        return [asked for asked, wish in self.asked.items() if wish.grant == pk and wish.answer == "waiting"]

    def may_ask(self, pk: UUID, level: int, ends_on: date) -> bool:
        """For more, and for nothing less; one request at a time."""
        grant = self.grants[pk]
        more = level >= grant.level and ends_on >= grant.ends_on and (level, ends_on) != (grant.level, grant.ends_on)
        return more and not self.waiting(pk)

    def answer(self, asked: UUID, answer: str) -> None:
        wish, grant = self.asked[asked], self.grants[self.asked[asked].grant]
        wish.answer = answer
        if answer == "granted":
            grant.level, grant.ends_on = max(grant.level, wish.level), max(grant.ends_on, wish.ends_on)

    def may_approach(self, firm: UUID) -> bool:
        """Five a day, by a firm that may advise."""
        lately = [each for each in self.approaches.values() if each.firm == firm and each.at > self.now - A_DAY]
        return len(lately) < A_DAY_AT_MOST and firm not in self.without_agreement

    def is_asked(self, customer: UUID, firm: UUID) -> bool:
        """Not who is asked already, nor who gives access already, paused or not."""
        theirs = [grant for grant in self.grants.values() if (grant.customer, grant.firm) == (customer, firm)]
        return not self.held(customer, firm) and all(grant.status not in ("requested", "suspended") for grant in theirs)

    def answered(self, approach: UUID) -> bool:
        """Whether the firm knows of an answer: access, or a refusal that was put in words."""
        answers = [grant for grant in self.grants.values() if grant.approach == approach]
        return any(grant.status in KNOWN or (grant.status == "declined" and grant.reply) for grant in answers)

    def take_back(self) -> None:
        """What a firm took back no customer sees any more."""
        for grant in self.grants.values():
            if grant.status == "requested" and self.approaches[grant.approach].withdrawn:
                grant.status = "withdrawn"

    def approve(self, pk: UUID, terms: Grant) -> bool:
        """With other terms than the firm's, as the customer likes; a second grant of everything is refused."""
        grant = self.grants[pk]
        if terms.everything and self.has_all(grant.customer, grant.firm):
            return False
        self.leave(grant.customer, grant.firm, set() if terms.everything else terms.named, to=None)
        terms.approach = grant.approach
        self.grants[pk] = terms
        return True

    def review(self) -> None:
        """What the calendar does, and the programme that ends a firm's agreement."""
        for grant in self.grants.values():
            if grant.stands and self.over(grant):
                grant.status = "expired"
            elif grant.status == "active" and grant.firm in self.without_agreement:
                grant.status, grant.paused_by = "suspended", "programme"
            elif grant.status == "requested" and self.approaches[grant.approach].at + REQUESTS_WAIT <= self.now:
                grant.status = "lapsed"
        self.let_go_on()
        for each in self.support.values():
            each.ended = each.ended or self.over(each)
        for wish in self.asked.values():
            if wish.answer == "waiting" and wish.at + REQUESTS_WAIT <= self.now:
                wish.answer = "lapsed"
        self.lapse_transfers()
        self.let_leads_fall(thoroughly=True)

    def let_go_on(self) -> None:
        """An agreement is back: what another grant has not replaced goes on, the oldest first."""
        for _, grant in sorted(self.grants.items()):
            if grant.status == "suspended" and grant.paused_by == "programme" and not self.over(grant):
                alike = [
                    other
                    for other in self.held(grant.customer, grant.firm).values()
                    if other.everything is grant.everything and (grant.everything or other.named & grant.named)
                ]
                if grant.firm not in self.without_agreement and not alike:
                    grant.status, grant.paused_by = "active", ""
