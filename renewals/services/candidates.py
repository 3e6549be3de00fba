"""What could be quoted: a customer's coverages as far as the actor sees them, in two statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import Organisation
from accounts.permissions import allows, require
from accounts.rules import AccessLevel, Actor, Kind, Power
from interface.money import currency_of
from licences.models import CustomerVisibility, Visibility
from licences.querysets import today_in
from licences.rules import NO_DATE, Scope
from renewals.models import Decision, QuoteLine
from renewals.querysets.decisions import given_up
from renewals.rules.decisions import remaining
from renewals.rules.positions import Entitlement

MOST_LINES = 2_000
PRODUCT = "coverage__licence__product"
COLUMNS = (
    "coverage_id",
    "expires_on",
    "quantity",
    "programme",
    "access_level",
    "assignment_id",
    "assignment__scope",
    "coverage__starts_on",
    "coverage__licence_id",
    "coverage__licence__serial",
    f"{PRODUCT}_id",
    f"{PRODUCT}__name",
    f"{PRODUCT}__retired_on",
)


@dataclass(frozen=True, slots=True)
class Buyer:
    """The customer of a quote; `today` is the day where the customer is, by the database's clock."""

    id: UUID
    name: str
    slug: str
    currency: str
    today: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """One coverage as the actor sees it; `expires_on` is None where nobody wrote it down.

    `quantity` is what is to be renewed, `given_up` what will not be. `may_quote` is false below level Quote;
    `is_selected`: it was shared on its own, by an assignment of that scope; `on_order`: an accepted quote that the
    actor may see holds it.
    """

    coverage: UUID
    licence: UUID
    product_id: UUID
    product: str
    programme: str
    serial: str
    quantity: int
    starts_on: date | None
    expires_on: date | None
    last_cover_on: date | None
    assignment: UUID | None
    is_selected: bool
    may_quote: bool
    on_order: bool
    given_up: int = 0

    @property
    def owned(self) -> int:
        """All of its seats."""
        return self.quantity + self.given_up

    @property
    def may_tick(self) -> bool:
        """Whether it can have a part in a new quote at all."""
        return self.may_quote and self.expires_on is not None and not self.on_order

    def entitlement(self, currency: str) -> Entitlement | None:
        """What the rules know of it; None without an expiry date, where it may not be quoted, or is on order."""
        if self.expires_on is None or not self.may_tick or not self.quantity:
            return None
        return Entitlement(
            coverage=self.coverage,
            product=self.product_id,
            programme=self.programme,
            currency=currency,
            quantity=self.quantity,
            expires_on=self.expires_on,
            last_cover_on=self.last_cover_on,
        )


def require_quoting(actor: Actor) -> None:
    """Raise Forbidden unless the role may quote at all; which coverages an advisor may quote, their levels say."""
    require(actor, Power.SEE_PORTFOLIO if actor.kind is Kind.ADVISOR else Power.BUILD_QUOTES)


def buyer(actor: Actor, slug: str) -> Buyer | None:
    """The customer of that slug, or the actor's own organisation; None where the actor knows no such customer."""
    if actor.kind is Kind.CUSTOMER:
        own = Organisation.objects.filter(pk=actor.organisation_id, **({"slug": slug} if slug else {}))
        return _buyer(own.values("id", "name", "slug", "country", today=today_in("time_zone")).first())
    known = CustomerVisibility.objects.visible_to(actor).filter(customer__slug=slug).order_by()
    facts = ("customer__id", "customer__name", "customer__slug", "customer__country")
    row = known.values(*facts, today=today_in("customer__time_zone")).first()
    return _buyer({key.removeprefix("customer__"): value for key, value in row.items()} if row else None)


def buyers(actor: Actor, coverages: Collection[UUID]) -> list[tuple[str, str, tuple[UUID, ...]]]:
    """The customers of those coverages, by name: slug, name and which of them are theirs."""
    seen = Visibility.objects.visible_to(actor).filter(coverage__in=coverages)
    rows = seen.order_by("customer__name", "expires_on", "coverage_id")
    found: dict[tuple[str, str], list[UUID]] = {}
    for slug, name, coverage in rows.values_list("customer__slug", "customer__name", "coverage_id"):
        found.setdefault((slug, name), []).append(coverage)
    return [(slug, name, tuple(theirs)) for (slug, name), theirs in found.items()]


def candidates(actor: Actor, customer: UUID, coverages: Collection[UUID] = ()) -> list[Candidate]:
    """At most MOST_LINES of a customer's coverages, soonest first; `coverages` picks some of them."""
    seen = Visibility.objects.visible_to(actor).filter(customer=customer)
    if coverages:
        seen = seen.filter(coverage__in=coverages)
    rows = seen.order_by("expires_on", "coverage_id").values(*COLUMNS, given_up=given_up(Decision))[:MOST_LINES]
    ordered = on_order(actor, customer)
    return [_candidate(actor, row, ordered) for row in rows]


def on_order(actor: Actor, customer: UUID) -> set[UUID]:
    """The customer's coverages that are held by an accepted quote, as far as the actor may see it."""
    held = QuoteLine.objects.visible_to(actor).held().filter(customer=customer, coverage__isnull=False)
    return set(held.values_list("coverage_id", flat=True))


def _buyer(row: Mapping[str, Any] | None) -> Buyer | None:
    return Buyer(row["id"], row["name"], row["slug"], currency_of(row["country"]), row["today"]) if row else None


def _candidate(actor: Actor, row: dict[str, Any], ordered: Collection[UUID]) -> Candidate:
    is_own = actor.kind is Kind.CUSTOMER
    return Candidate(
        coverage=row["coverage_id"],
        licence=row["coverage__licence_id"],
        product_id=row[f"{PRODUCT}_id"],
        product=row[f"{PRODUCT}__name"],
        programme=row["programme"],
        serial=row["coverage__licence__serial"],
        quantity=remaining(row["quantity"], row["given_up"]),
        given_up=min(row["given_up"], row["quantity"]),
        starts_on=row["coverage__starts_on"],
        expires_on=None if row["expires_on"] == NO_DATE else row["expires_on"],
        last_cover_on=row[f"{PRODUCT}__retired_on"],
        assignment=row["assignment_id"],
        is_selected=row["assignment__scope"] == Scope.SELECTED,
        on_order=row["coverage_id"] in ordered,
        may_quote=is_own or allows(actor, Power.BUILD_QUOTES, level=AccessLevel(row["access_level"])),
    )
