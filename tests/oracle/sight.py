"""What each reader sees of each table: as the database answers behind one wall or both, and as the model says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import AuditEntry, Letter, Membership, Organisation, Queued
from accounts.rules import Actor, Kind
from accounts.tenancy import acting_as
from licences.models import (
    AccessCode,
    AccessRequest,
    Approach,
    Assignment,
    Coverage,
    CoverageTerm,
    CustomerVisibility,
    Exclusion,
    Lead,
    Licence,
    Selection,
    SupportAccess,
    Transfer,
    TransferItem,
    TransferSnapshot,
    Visibility,
)
from renewals.models import Certificate, Decision, Order, Quote, QuoteLine
from tests.hats import database_role
from tests.oracle.model import KNOWN, World

POLICIES, SCOPES, BOTH = "policies alone", "scopes alone", "both walls"
Rows = set[tuple[Any, ...]]


@dataclass(frozen=True)
class Reader:
    """Somebody who looks; `homes` are the organisations that the person belongs to. Nobody has none of it."""

    name: str
    actor: Actor | None = None
    home: UUID | None = None
    user: UUID | None = None
    homes: frozenset[UUID] = frozenset()

    def has(self, kind: Kind) -> bool:
        return self.actor is not None and self.actor.kind is kind


Truth = Callable[[World, Reader], Rows]


def coverages(world: World, reader: Reader) -> Rows:
    return {(coverage,) for coverage in seen(world, reader)}


def seen(world: World, reader: Reader) -> dict[UUID, int]:
    return world.seen_by(reader.home if reader.actor else None)


def levels(world: World, reader: Reader) -> Rows:
    return {(coverage, level, world.expires_on[coverage]) for coverage, level in seen(world, reader).items()}


def dates(world: World, reader: Reader) -> Rows:
    return {(coverage, world.expires_on[coverage]) for coverage in seen(world, reader)}


def licences(world: World, reader: Reader) -> Rows:
    """By any of their coverages; an owner also those that have none any more."""
    own = {licence for licence, owner in world.licences.items() if reader.actor and owner == reader.home}
    return {(licence,) for licence in own | {world.licence_of[coverage] for coverage in seen(world, reader)}}


def relations(world: World, reader: Reader) -> Rows:
    return {(reader.home, customer) for customer in helped(world, reader)}


def helped(world: World, reader: Reader) -> set[UUID]:
    """The customers that let a firm, or the programme, see something now."""
    return world.customers_of(reader.home) if reader.has(Kind.ADVISOR) or reader.has(Kind.PROGRAMME) else set()


def helpers(world: World, reader: Reader) -> set[UUID]:
    """Those whom a customer lets see something now."""
    firms = {grant.firm for grant in world.grants.values()} | {each.programme for each in world.support.values()}
    return {firm for firm in firms if reader.home in world.customers_of(firm)} if reader.has(Kind.CUSTOMER) else set()


def both_sides(world: World, reader: Reader) -> Rows:
    return relations(world, reader) | {(firm, reader.home) for firm in helpers(world, reader)}


def assignments(world: World, reader: Reader) -> Rows:
    """A customer reads all of its own, a firm its own but what was never in force; so does the programme's support."""
    customers = helped(world, reader)
    return {
        (pk, grant.status, grant.level)
        for pk, grant in world.grants.items()
        if (reader.has(Kind.CUSTOMER) and grant.customer == reader.home)
        or (reader.has(Kind.ADVISOR) and grant.firm == reader.home and (grant.status in KNOWN or grant.reply))
        or (reader.has(Kind.PROGRAMME) and grant.customer in customers and grant.status in KNOWN)
    }


def ticks(*, everything: bool) -> Truth:
    """No firm reads what else the customer has chosen, or left out."""

    def rows(world: World, reader: Reader) -> Rows:
        own = {pk: grant for pk, grant in world.grants.items() if grant.customer == reader.home}
        left_out = {pk for pk, grant in own.items() if grant.everything and grant.status != "draft"}
        wanted = {pk: grant.named for pk, grant in own.items() if (pk in left_out) is everything}
        return {(pk, coverage) for pk, named in wanted.items() for coverage in named} if reader.actor else set()

    return rows


def requests(world: World, reader: Reader) -> Rows:
    """A customer's own; a firm's own while it helps the customer."""
    customers = helped(world, reader) | ({reader.home} if reader.has(Kind.CUSTOMER) else set())
    return {
        (pk, asked.answer)
        for pk, asked in world.asked.items()
        if (grant := world.grants[asked.grant]).customer in customers and reader.home in (grant.customer, grant.firm)
    }


def proposals(world: World, reader: Reader) -> set[UUID]:
    """A firm reads what it has proposed itself, while it helps the customer."""
    customers = helped(world, reader)
    return {pk for pk, t in world.transfers.items() if t.proposer == reader.home and t.customer in customers}


def approaches(world: World, reader: Reader) -> Rows:
    """A firm's own; a customer's, those that have reached it."""
    if reader.has(Kind.ADVISOR):
        return {(pk,) for pk, each in world.approaches.items() if each.firm == reader.home}
    asked = {g.approach for g in world.grants.values() if reader.has(Kind.CUSTOMER) and g.customer == reader.home}
    return {(pk,) for pk in asked - {None}}


def codes(world: World, reader: Reader) -> Rows:
    return {(reader.home,)} & {(each,) for each in world.coded} if reader.has(Kind.CUSTOMER) else set()


def support(world: World, reader: Reader) -> Rows:
    """Both sides' own, past ones included."""
    return {
        (pk,) for pk, each in world.support.items() if reader.actor and reader.home in (each.customer, each.programme)
    }


def own_transfers(world: World, reader: Reader) -> set[UUID]:
    return {pk for pk, t in world.transfers.items() if reader.has(Kind.CUSTOMER) and t.customer == reader.home}


def transfers(world: World, reader: Reader) -> Rows:
    reached = world.covers(reader.home) if reader.has(Kind.DISTRIBUTOR) else set()
    read = own_transfers(world, reader) | proposals(world, reader) | reached
    return {(pk, world.transfers[pk].state) for pk in read}


def items(world: World, reader: Reader) -> Rows:
    shared = set(seen(world, reader))
    read = own_transfers(world, reader) | proposals(world, reader)
    return {(pk, coverage) for pk in read for coverage in world.transfers[pk].named & shared}


def snapshots(world: World, reader: Reader) -> Rows:
    received = world.contents(reader.home) if reader.has(Kind.DISTRIBUTOR) else set()
    sealed = {pk for pk in own_transfers(world, reader) if world.transfers[pk].consented}
    return {(pk,) for pk in sealed | received}


def leads(world: World, reader: Reader) -> Rows:
    """A firm learns where it leads itself, while it sees the coverage."""
    return {
        (each.coverage, each.firm)
        for each in world.leads
        if (reader.has(Kind.CUSTOMER) and each.customer == reader.home)
        or (reader.has(Kind.ADVISOR) and each.firm == reader.home and each.coverage in seen(world, reader))
    }


def certificates(world: World, reader: Reader) -> Rows:
    return {(coverage,) for coverage in world.certified & set(seen(world, reader))}


def whole_certificates(world: World, reader: Reader) -> Rows:
    """Of everything that a customer has: nobody else's."""
    return {(reader.home,)} & {(each,) for each in world.certified_whole} if reader.has(Kind.CUSTOMER) else set()


def decisions(world: World, reader: Reader) -> Rows:
    """Whoever sees a coverage reads what its customer has decided; a firm's proposal stays between the two."""
    read = seen(world, reader)
    return {
        (coverage, by)
        for coverage, by in world.given_up
        if coverage in read and (by == world.owner_of[coverage] or reader.home in (by, world.owner_of[coverage]))
    }


def no_support(truth: Truth) -> Truth:
    """The same, but for the programme, which looks at licences alone."""
    return lambda world, reader: set() if reader.has(Kind.PROGRAMME) else truth(world, reader)


def offered(world: World, reader: Reader) -> set[UUID]:
    """A customer reads what was submitted to it and its own drafts; a firm its own while it may quote all of it."""
    return {
        pk
        for pk, offer in world.offers.items()
        if (
            reader.has(Kind.CUSTOMER)
            and offer.customer == reader.home
            and (offer.author == reader.home or not offer.is_draft)
        )
        or (reader.has(Kind.ADVISOR) and offer.author == reader.home and world.is_kept(offer))
    }


def quotes(world: World, reader: Reader) -> Rows:
    return {(pk,) for pk in offered(world, reader)}


def ordered(world: World) -> set[UUID]:
    return {pk for pk, offer in world.offers.items() if offer.is_ordered}


def placeable(world: World, reader: Reader) -> set[UUID]:
    """Others' orders that wait, all of which a firm may renew."""
    return {pk for pk, o in world.offers.items() if reader.has(Kind.ADVISOR) and world.may_place(o, reader.home)}


def orders(world: World, reader: Reader) -> Rows:
    """The programme fulfils them, whoever's they are."""
    own = ordered(world) & offered(world, reader)
    return {(pk,) for pk in (ordered(world) if reader.has(Kind.PROGRAMME) else own | placeable(world, reader))}


def lines(world: World, reader: Reader) -> Rows:
    read = offered(world, reader) | placeable(world, reader)
    return {(pk,) for pk in (ordered(world) if reader.has(Kind.PROGRAMME) else read)}


def lines_alone(world: World, reader: Reader) -> Rows:
    """Row-level security asks for each line's own coverage: with the whole quote, its time would grow by the square."""
    if not reader.has(Kind.ADVISOR):
        return lines(world, reader)
    own = {pk: offer for pk, offer in world.offers.items() if offer.author == reader.home}
    read = {(pk,) for pk, offer in own.items() if any(world.may_quote([c], reader.home) for c in offer.coverages)}
    return read | {(pk,) for pk in placeable(world, reader)}


def customers(world: World, reader: Reader) -> Rows:
    """The programme keeps customers; nobody else knows one that shares nothing with it, nor has paused what it did."""
    if reader.has(Kind.PROGRAMME):
        return {(customer,) for customer in world.zones}
    own = {reader.home} if reader.has(Kind.CUSTOMER) else set()
    paused = {pk for pk in world.zones if reader.has(Kind.ADVISOR) and reader.home in world.paused_by(pk)}
    return {(customer,) for customer in own | paused | helped(world, reader)}


def and_homes(world: World, reader: Reader) -> Rows:
    """A person may read the names of what he or she can switch to."""
    return customers(world, reader) | {(home,) for home in reader.homes & world.zones.keys()}


def teams(world: World, reader: Reader) -> Rows:
    """Whose people one manages."""
    if reader.has(Kind.PROGRAMME):
        return {(home,) for home in world.staffed}
    return {(reader.home,)} & {(home,) for home in world.staffed} if reader.actor else set()


def colleagues(world: World, reader: Reader) -> Rows:
    """Whose people one may be told of: one's own, those one works with, and to whom one hands over."""
    handed = {world.transfers[pk].distributor for pk in own_transfers(world, reader)}
    known = helped(world, reader) | helpers(world, reader) | handed | reader.homes
    return teams(world, reader) | ({(home,) for home in known & world.staffed})


def nothing_foreign(world: World, reader: Reader) -> Rows:
    return set()


@dataclass(frozen=True)
class View:
    """One table. Where a wall alone shows more than both on purpose, `behind` says what."""

    rows: Any
    columns: tuple[str, ...]
    truth: Truth
    policies: Truth | None = None
    scopes: Truth | None = None
    foreign: bool = False
    """Compared are the rows alone that do not name the reader's own organisation."""
    open_to: Kind | None = None
    """Who reads every row on purpose."""

    def expected(self, world: World, reader: Reader, mode: str) -> Rows:
        shown = {POLICIES: [self.policies or self.truth], SCOPES: [self.scopes or self.truth]}
        walls = shown.get(mode) or shown[POLICIES] + shown[SCOPES]
        return set.intersection(*(wall(world, reader) for wall in walls))


VIEWS = {
    "visibility": View(Visibility.objects, ("coverage_id", "access_level", "expires_on"), levels),
    "relations": View(CustomerVisibility.objects, ("organisation_id", "customer_id"), relations, policies=both_sides),
    "coverages": View(Coverage.objects, ("id", "expires_on"), dates),
    "terms": View(CoverageTerm.objects, ("coverage_id",), coverages),
    "licences": View(Licence.objects, ("id",), licences),
    "assignments": View(Assignment.objects, ("id", "status", "level"), assignments),
    "selections": View(Selection.objects, ("assignment_id", "coverage_id"), ticks(everything=False)),
    "exclusions": View(Exclusion.objects, ("assignment_id", "coverage_id"), ticks(everything=True)),
    "requests": View(AccessRequest.objects, ("id", "answer"), requests),
    "approaches": View(Approach.objects, ("id",), approaches),
    "codes": View(AccessCode.objects, ("customer_id",), codes),
    "support": View(SupportAccess.objects, ("id",), support),
    "transfers": View(Transfer.objects, ("id", "state"), transfers),
    "items": View(TransferItem.objects, ("transfer_id", "coverage_id"), items),
    "snapshots": View(TransferSnapshot.objects, ("transfer_id",), snapshots),
    "customers": View(Organisation.objects.filter(kind="customer"), ("id",), customers, policies=and_homes),
    "people": View(Membership.objects, ("organisation_id",), teams, policies=colleagues),
    "letters": View(Letter.objects, ("organisation_id", "customer_id"), nothing_foreign, foreign=True),
    "queue": View(Queued.objects, ("organisation_id",), nothing_foreign, foreign=True, open_to=Kind.PROGRAMME),
    "leads": View(Lead.objects.filter(ended_at=None), ("coverage_id", "advisor_id"), leads),
    "certificates": View(Certificate.objects.exclude(coverage=None), ("coverage_id",), certificates),
    "whole certificates": View(Certificate.objects.filter(coverage=None), ("customer_id",), whole_certificates),
    "decisions": View(Decision.objects, ("coverage_id", "organisation_id"), no_support(decisions), policies=decisions),
    "quotes": View(Quote.objects, ("id",), quotes),
    "lines": View(QuoteLine.objects, ("quote_id",), lines, policies=lines_alone),
    "orders": View(Order.objects, ("quote_id",), orders),
    "audit": View(AuditEntry.objects, ("organisation_id",), nothing_foreign, foreign=True),
}


def scoped(view: View, actor: Actor | None, mode: str) -> QuerySet[Any]:
    rows = view.rows.all() if mode == POLICIES else view.rows.all().visible_to(actor)
    return rows.order_by().values_list(*view.columns)


@cache
def question(actor: Actor | None, modes: tuple[str, ...]) -> str:
    """One statement about every table; each answer is a list of rows as text."""
    parts = []
    for mode in modes:
        for name, view in VIEWS.items():
            try:
                sql, values = scoped(view, actor, mode).query.sql_with_params()
            except EmptyResultSet:
                continue
            text = sql % tuple(f"'{value}'" for value in values)
            parts.append(f"select '{mode}', '{name}', array(select distinct t::text from ({text}) t)")
    return " union all ".join(parts)


def ask(actor: Actor | None, *modes: str) -> dict[tuple[str, str], set[str]]:
    """Prepared once a connection: planning takes longer than answering."""
    found = {(mode, name): set[str]() for mode in modes for name in VIEWS}
    if sql := question(actor, modes):
        known = PREPARED.setdefault(connection.connection, [])
        with connection.cursor() as cursor:
            if sql not in known:
                known.append(sql)
            name = f"look_{known.index(sql)}"
            # A rollback after somebody else's kept plans makes the driver forget everybody's.
            cursor.execute("select exists (select from pg_prepared_statements where name = %s)", [name])
            if not cursor.fetchone()[0]:
                cursor.execute(f"prepare {name} as {sql}")
            cursor.execute(f"execute {name}")
            found |= {(mode, name): set(rows) for mode, name, rows in cursor.fetchall()}
    return found


def read(reader: Reader) -> dict[tuple[str, str], set[str]]:
    """What the reader gets in each mode."""
    with acting_as(reader.actor, user_id=reader.user):
        found = ask(reader.actor, POLICIES, BOTH)
    with database_role("coterm_owner"):
        return found | ask(reader.actor, SCOPES)


def as_text(rows: Rows) -> set[str]:
    return {f"({','.join(map(str, row))})" for row in rows}


def differences(world: World, reader: Reader) -> list[str]:
    """Where the database and the model part, for one reader."""
    wrong = []
    for (mode, name), found in read(reader).items():
        view, COUNTED["made"] = VIEWS[name], COUNTED["made"] + 1
        wanted = as_text(view.expected(world, reader, mode))
        is_open = view.open_to is not None and reader.has(view.open_to)
        got = {row for row in found if not (view.foreign and (is_open or str(reader.home) in row))}
        if got != wanted:
            wrong.append(f"{reader.name}, {name}, {mode}: too much {got - wanted}, too little {wanted - got}")
    return wrong


COUNTED = {"made": 0}
PREPARED: WeakKeyDictionary[Any, list[str]] = WeakKeyDictionary()
