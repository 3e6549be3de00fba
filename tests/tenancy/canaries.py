"""Canaries: words that stand in one row alone, and who may read each, as it follows from what was granted."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, models

from accounts.models import Membership, Organisation, User
from licences.models import Assignment, Exclusion, Selection, SupportAccess, Transfer, TransferSnapshot
from renewals.models import Certificate
from tests.hats import database_role
from tests.oracle.handing import Transfer as Handed
from tests.oracle.model import Grant, Support, World

WORD = re.compile(r"zq\d{5}q")
OWN_APPS = {"accounts", "advisors", "licences", "renewals"}
# Words of the product's own, hashes and keys: nobody types them.
TECHNICAL = re.compile(
    r"(^|_)(slug|country|state|time_zone|password|hash|sha256|key|kind|verb|format|mode|currency|years|channel|why"
    r"|number|word|query|language|key)$"
)
ROOMY = 20
TECHNICAL_ROWS = {"accounts.JobRun", "accounts.Sending", "renewals.Reminder"}


@dataclass
class Truth:
    """What was granted in the small world, told to the oracle's model, which says who may know what."""

    world: World
    everybody: frozenset[UUID]
    programme: UUID
    homes: dict[UUID, set[UUID]] = field(default_factory=dict)
    coverages: dict[UUID, set[UUID]] = field(default_factory=dict)

    def shown(self, coverages: Collection[UUID]) -> set[UUID]:
        """Who sees one of these coverages."""
        return {org for org in self.everybody if any(each in self.world.seen_by(org) for each in coverages)}

    def may_quote(self, coverages: Collection[UUID], firm: UUID) -> bool:
        return all(self.world.seen_by(firm).get(each, 0) >= 2 for each in coverages)

    def may_renew(self, coverages: Collection[UUID], firm: UUID) -> bool:
        return all(self.world.seen_by(firm).get(each, 0) >= 3 for each in coverages)

    def helpers(self, customer: UUID) -> set[UUID]:
        return {org for org in self.everybody if customer in self.world.customers_of(org)}

    def covered(self, customer: UUID) -> set[UUID]:
        """Distributors that read the cover of one of a customer's transfers."""
        transfers = self.world.transfers
        return {o for o in self.everybody for pk in self.world.covers(o) if transfers[pk].customer == customer}

    def handed(self, distributor: UUID) -> set[UUID]:
        """The customers that have begun a transfer to it, and so may know its people."""
        return {each.customer for each in self.world.transfers.values() if each.distributor == distributor}

    def acquainted(self, organisation: UUID) -> set[UUID]:
        """Who may be told of its people: those it works with, and the programme."""
        works_with = self.helpers(organisation) | self.world.customers_of(organisation) | self.handed(organisation)
        return {organisation, self.programme} | works_with


def truth_of() -> Truth:
    """Reads what was granted, in the owner's hat."""
    zones = dict(Organisation.objects.filter(kind="customer").values_list("pk", "time_zone"))
    world = World(zones, datetime.now(UTC))
    for coverage in apps.get_model("licences", "Coverage").objects.select_related("licence"):
        about = {"owner": coverage.customer_id, "licence": coverage.licence_id, "programme": coverage.programme}
        world.add(coverage.pk, **about, expires_on=coverage.expires_on)
    for row in Assignment.objects.all():
        model = Exclusion if row.scope == "all" else Selection
        named = set(model.objects.filter(assignment=row).values_list("coverage", flat=True))
        terms = (row.scope == "all", named, row.level, row.ends_on, row.status)
        world.grants[row.pk] = Grant(row.customer_id, row.advisor_id, *terms)
    for row in SupportAccess.objects.all():
        world.support[row.pk] = Support(row.customer_id, row.programme_id, row.ends_on, row.ended_at is not None)
    for row in Transfer.objects.all():
        ends = (set(), row.ends_on, row.created_at, row.state, bool(row.sha256))
        world.transfers[row.pk] = Handed(row.customer_id, row.distributor_id, row.advisor_id, *ends)
    programme = Organisation.objects.get(kind="programme").pk
    truth = Truth(world, frozenset(Organisation.objects.values_list("pk", flat=True)), programme)
    for user, home in Membership.objects.values_list("user", "organisation"):
        truth.homes.setdefault(user, set()).add(home)
    return truth


Rule = Callable[[Truth, Any], Collection[UUID]]


def everybody(truth: Truth, row: Any) -> Collection[UUID]:
    return truth.everybody


def own(truth: Truth, row: Any) -> Collection[UUID]:
    return {row.organisation_id}


def customers(truth: Truth, row: Any) -> Collection[UUID]:
    return {row.customer_id}


def tenants(truth: Truth, row: Any) -> Collection[UUID]:
    columns = ("organisation_id", "customer_id")
    return {getattr(row, name) for name in columns if getattr(row, name, None)}


def why_not_sent(truth: Truth, row: Any) -> Collection[UUID]:
    """Its tenants'; why it waits or has failed the operator reads, too, who has to mend it."""
    return set(tenants(truth, row)) | ({truth.programme} if row.state in ("pending", "sending", "dead") else set())


def organisation(truth: Truth, row: Any) -> Collection[UUID]:
    """The directory is open; a customer is known to those it works with, and whose access it has paused."""
    known = {row.pk, truth.programme} | truth.helpers(row.pk) | truth.covered(row.pk) | truth.world.paused_by(row.pk)
    return known if row.kind == "customer" else truth.everybody


def person(truth: Truth, row: Any) -> Collection[UUID]:
    return {org for home in truth.homes.get(row.pk, ()) for org in truth.acquainted(home)}


def offered(truth: Truth, row: Any) -> Collection[UUID]:
    return {row.organisation_id, truth.programme}


def product(truth: Truth, row: Any) -> Collection[UUID]:
    shown = [c.pk for c in apps.get_model("licences", "Coverage").objects.filter(licence__product=row)]
    return truth.everybody if row.customer_id is None else {row.customer_id} | truth.shown(shown)


def assignment(truth: Truth, row: Any) -> Collection[UUID]:
    """What the customer tells the firm; a draft is its own."""
    return {row.customer_id} | ({row.advisor_id} if row.status not in ("draft", "discarded") else set())


def request(truth: Truth, row: Any) -> Collection[UUID]:
    return {row.customer_id} | ({row.advisor_id} & truth.helpers(row.customer_id))


def approach(truth: Truth, row: Any) -> Collection[UUID]:
    """The firm that asks, and whoever it has reached."""
    reached = Assignment.objects.filter(approach=row.pk).values_list("customer", flat=True)
    return {row.advisor_id, *reached}


def support(truth: Truth, row: Any) -> Collection[UUID]:
    return {row.customer_id, row.programme_id}


def transfer(truth: Truth, row: Any) -> Collection[UUID]:
    reached = {org for org in truth.everybody if row.pk in truth.world.covers(org)}
    return {row.customer_id} | reached | ({row.advisor_id} & truth.helpers(row.customer_id))


def snapshot(truth: Truth, row: Any) -> Collection[UUID]:
    return {row.customer_id} | {org for org in truth.everybody if row.pk in truth.world.contents(org)}


def certificate(truth: Truth, row: Any) -> Collection[UUID]:
    return {row.customer_id} | (truth.shown([row.coverage_id]) if row.coverage_id else set())


def quote(truth: Truth, row: Any) -> Collection[UUID]:
    """A customer reads it once it is submitted; a firm its own, while it may quote each of its licences."""
    may = row.organisation_id == row.customer_id or truth.may_quote(row.coverages, row.organisation_id)
    return ({row.customer_id} if row.state != "draft" else set()) | ({row.organisation_id} if may else set())


def quote_line(truth: Truth, row: Any) -> Collection[UUID]:
    ordered = apps.get_model("renewals", "Order").objects.filter(quote=row.quote_id).first()
    return set(order(truth, ordered) if ordered else quote(truth, row.quote))


def whole_serial(truth: Truth, row: Any) -> Collection[UUID]:
    """Masked for a firm; the programme fulfils an order by it."""
    return set(quote_line(truth, row)) & {row.customer_id, truth.programme}


def order(truth: Truth, row: Any) -> Collection[UUID]:
    """Of another's quote whoever may renew all of it, while it waits to be placed or once that firm has placed it."""
    renews = {org for org in truth.everybody if truth.may_renew(row.coverages, org)}
    placers = renews if row.state == "to_place" else renews & {row.placed_organisation_id}
    return set(quote(truth, row.quote)) | {truth.programme} | placers


def paper(truth: Truth, row: Any) -> Collection[UUID]:
    return order(truth, row.order)


def decision(truth: Truth, row: Any) -> Collection[UUID]:
    """Why a customer does not renew is said to whoever looks after that coverage."""
    return {row.customer_id} | truth.shown([row.coverage_id])


def silence(truth: Truth, row: Any) -> Collection[UUID]:
    """The customer's word for everybody reaches whoever sees the coverage; a firm's own stays between the two."""
    if row.organisation_id or row.recipient_id:
        return tenants(truth, row)
    return decision(truth, row)


def programmes(truth: Truth, row: Any) -> Collection[UUID]:
    return {truth.programme}


# Who may read what is typed into a row; without a line here it is the tenant of the row alone.
RIGHTS: dict[str, Rule] = {
    "accounts.Letter.reason": why_not_sent,
    "accounts.Organisation": organisation,
    "accounts.User": person,
    "accounts.Invitation": offered,
    "accounts.CountryContact": everybody,
    "advisors.Firm": everybody,
    "advisors.Contact": everybody,
    "licences.Product": product,
    "licences.Assignment": assignment,
    "licences.AccessRequest": request,
    "licences.Approach": approach,
    "licences.SupportAccess": support,
    "licences.Transfer": transfer,
    "licences.Transfer.address": customers,
    "licences.Transfer.contact_phone": customers,
    "licences.TransferSnapshot": snapshot,
    "renewals.Certificate": certificate,
    "renewals.CustomerNote": own,
    "renewals.Quote": quote,
    "renewals.QuoteLine": quote_line,
    "renewals.QuoteLine.serial": whole_serial,
    "renewals.Order": order,
    "renewals.OrderPaper": paper,
    "renewals.Decision": decision,
    "renewals.Silence": silence,
    "renewals.PriceSchedule": programmes,
    "renewals.SupplierDetails": everybody,
}


@dataclass(frozen=True)
class Canary:
    """Where a word stands, and which organisations may read it."""

    model: type[models.Model]
    name: str
    pk: Any
    readers: frozenset[UUID] = frozenset()

    def __str__(self) -> str:
        return f"{self.place} of {self.pk}"

    @property
    def place(self) -> str:
        return f"{self.model._meta.label}.{self.name}"


def typed_fields(model: type[models.Model]) -> list[models.Field]:
    """What somebody has typed: text without choices, with room for a word."""
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, models.CharField | models.TextField)
        and not each.choices
        and (each.max_length or ROOMY) >= ROOMY
        and not TECHNICAL.search(each.name)
        and model._meta.label not in TECHNICAL_ROWS
    ]


def own_models() -> list[type[models.Model]]:
    """Whatever is stored; views show other tables' words."""
    return [each for each in apps.get_models() if each._meta.app_label in OWN_APPS and each._meta.managed]


def places() -> list[tuple[type[models.Model], list[models.Field]]]:
    found = [(model, typed_fields(model)) for model in own_models()]
    return [(model, fields) for model, fields in found if fields]


def rule_for(model: type[models.Model], name: str) -> Rule:
    label = model._meta.label
    return RIGHTS.get(f"{label}.{name}") or RIGHTS.get(label, tenants)


def plant() -> dict[str, Canary]:
    """Writes a word of its own into each typed field of each row of the small world; each word, and who may read it."""
    planted, numbers = {}, count(1)
    with database_role("coterm_owner"):
        for model, fields in places():
            with untriggered(model):
                for row in model._default_manager.all():
                    words = {each: f"zq{next(numbers):05}q" for each in fields}
                    values = {each.name: written(each, getattr(row, each.name) or "", words[each]) for each in fields}
                    model._default_manager.filter(pk=row.pk).update(**values)
                    planted |= {word: Canary(model, each.name, row.pk) for each, word in words.items()}
        plant_documents(planted, numbers)
        for user in User.objects.all():
            EmailAddress.objects.filter(user=user).update(email=user.email)
    return with_readers(planted)


def with_readers(planted: dict[str, Canary]) -> dict[str, Canary]:
    """Who may read each word, as things stand now."""
    with database_role("coterm_owner"):
        truth, rows = truth_of(), {}
        for each in planted.values():
            rows.setdefault((each.model, each.pk), each.model._default_manager.filter(pk=each.pk).first())
        return {
            word: replace(each, readers=frozenset(rule_for(each.model, each.name)(truth, row) if row else ()))
            for word, each in planted.items()
            for row in [rows[each.model, each.pk]]
        }


def written(column: models.Field, value: str, word: str) -> str:
    if isinstance(column, models.EmailField):
        return f"{word}@{value.partition('@')[2] or 'coterm.example'}"
    return f"{value[: (column.max_length or 100) - 12]} {word}".strip()


def plant_documents(planted: dict[str, Canary], numbers: Iterator[int]) -> None:
    """What has been sealed: snapshots that were handed over, and certificates."""
    for model, column, key in ((TransferSnapshot, "content", "licences"), (Certificate, "facts", "coverages")):
        with untriggered(model):
            for row in model._default_manager.all():
                word, content = f"zq{next(numbers):05}q", getattr(row, column)
                content[key][0]["product"] = f"Gateway {word}"
                planted[word] = Canary(model, column, row.pk)
                model._default_manager.filter(pk=row.pk).update(**{column: content})


@contextmanager
def untriggered(model: type[models.Model]) -> Iterator[None]:
    """What was consented to is never rewritten, but by whoever owns the table."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"set constraints all immediate; alter table {table} disable trigger user")
        yield
        cursor.execute(f"set constraints all immediate; alter table {table} enable trigger user")


def told(text: str) -> set[str]:
    """The words in a text, however it is folded or escaped."""
    return set(WORD.findall("".join(text.split()).lower()))


def foreign(text: str, planted: dict[str, Canary], organisation: UUID | None) -> list[str]:
    """What a text tells a reader of this organisation, or nobody, that it may not read."""
    return sorted(
        str(planted[word]) for word in told(text) if word in planted and organisation not in planted[word].readers
    )
