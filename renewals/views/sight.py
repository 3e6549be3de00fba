"""What an advisor sees of a customer, for that customer: now, as the database answers the firm, or after a change."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Membership, Organisation
from accounts.permissions import LEVEL_POWERS
from accounts.rules import AccessLevel, Actor, Kind, Power, Role
from accounts.tenancy import looking_as
from interface.paging import Page, page
from licences.models import CustomerVisibility, Visibility
from licences.rules import Scope
from licences.rules.access import Terms
from licences.rules.outlook import Foreseen
from licences.services.grants import terms_of
from renewals.views import dossier
from renewals.views.rows import COLUMNS

SIZE = 25
KEYS = ("expires_on", "coverage_id")
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of access that the firm has: its level, through which day, and to how many coverages."""

    level: int
    ends_on: date
    is_all: bool
    coverages: int

    @property
    def sees_prices(self) -> bool:
        return Power.SEE_PRICES in LEVEL_POWERS[AccessLevel(self.level)]


@dataclass(frozen=True, slots=True)
class Sight:
    """The firm's page of this customer, without anything of the firm's own."""

    page: Page[dict[str, Any]]
    tally: dossier.Tally
    standings: list[Standing]
    people: list[Membership]


NOTHING = Sight(Page([]), dossier.Tally(0, 0, 0, 0, None), [], [])


def seen_now(actor: Actor, firm: Organisation, params: Params, *, today: date) -> Sight:
    """Asked as the firm, of this customer alone, and nothing is written: what row-level security shows it is shown."""
    eyes = Actor(firm.pk, Kind.ADVISOR, Role.MEMBER, actor.user_id)
    with looking_as(eyes):
        shared = CustomerVisibility.objects.visible_to(eyes).filter(customer=actor.organisation_id).first()
        if shared is None:
            return NOTHING
        found = Visibility.objects.visible_to(eyes).filter(customer=actor.organisation_id)
        return Sight(
            page(found.values(*COLUMNS), params, keys=KEYS, size=SIZE),
            dossier.tally(found, today=today),
            standings(counted(dossier.grants(eyes, shared, today=today))),
            list(dossier.people(eyes, shared)),
        )


def seen_then(actor: Actor, foreseen: Foreseen, params: Params, *, today: date) -> Sight:
    """The same of what was reckoned: the customer's own rows, with the levels and ends that the firm would have."""
    if not foreseen.knows:
        return NOTHING
    found = Visibility.objects.visible_to(actor).filter(coverage__in=foreseen.terms)
    shown = page(found.values(*COLUMNS), params, keys=KEYS, size=SIZE)
    rows = [as_firm(row, foreseen.terms[row["coverage_id"]]) for row in shown.rows]
    own = Membership.objects.visible_to(actor).filter(organisation=actor.organisation_id)
    return Sight(
        Page(rows, shown.next_cursor, shown.previous_cursor),
        dossier.tally(found, today=today),
        standings(Counter(foreseen.terms.values())),
        list(dossier.answerable(own)),
    )


def as_firm(row: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    return {**row, "access_level": int(terms.level), "assignment__ends_on": terms.ends_on}


def counted(grants: Iterable[dossier.Access]) -> dict[Terms, int]:
    """How many coverages the firm has on each terms."""
    found: Counter[Terms] = Counter()
    for each in grants:
        found[terms_of(each.assignment)] += each.coverages
    return found


def standings(counts: Mapping[Terms, int]) -> list[Standing]:
    """What ends first at the top; what reaches nothing is left out."""
    ordered = sorted(counts, key=lambda terms: (terms.ends_on, terms.level, terms.scope))
    return [
        Standing(int(terms.level), terms.ends_on, terms.scope is Scope.ALL, counts[terms])
        for terms in ordered
        if counts[terms]
    ]
