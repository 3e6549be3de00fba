"""Licences and their coverages, entered and changed by hand."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.transaction import atomic

from accounts import audit
from accounts.permissions import require
from accounts.rules import Actor, Power
from licences.models import Coverage, Licence, Product
from licences.rules import Programme
from licences.rules.changes import Stale
from licences.services.imports import turn_of
from licences.services.terms import Dated, keep_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What belongs to a licence itself."""

    serial: str = ""
    quantity: int = 1
    bought_on: date | None = None
    order_number: str = ""
    supplier: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What belongs to one coverage; both days inclusive."""

    quantity: int
    starts_on: date | None = None
    expires_on: date | None = None


class SerialTaken(Exception):
    """The customer has a licence of that product with that number already."""


class ProgrammeTaken(Exception):
    """The licence has a coverage in that programme already."""


def add_licence(actor: Actor, *, product: str, particulars: Particulars, programme: Programme, cover: Cover) -> Licence:
    """A new licence with its first coverage; a product that nobody knows becomes one of this customer alone.

    Raises `SerialTaken`, so that a form that is sent twice adds one licence.
    """
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        today = turn_of(actor)
        own = Licence.objects.visible_to(actor).filter(product__name__iexact=product)
        if particulars.serial and own.filter(serial__iexact=particulars.serial).exists():
            raise SerialTaken
        licence = Licence.objects.create(
            customer_id=actor.organisation_id, product=product_named(actor, product), **asdict(particulars)
        )
        record(actor, "licence.added", licence)
        new_coverage(licence, programme, cover, today=today)
        return licence


def change_licence(actor: Actor, *, licence: Licence, particulars: Particulars, version: int) -> Licence:
    """Raises `Stale` when the licence is not as `version` was."""
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        row = Licence.objects.visible_to(actor).select_for_update(no_key=True, of=("self",)).get(pk=licence.pk)
        if row.version != version:
            raise Stale
        changed = take_over(row, asdict(particulars))
        if changed:
            record(actor, "licence.changed", row, fields=changed)
        return row


def add_coverage(actor: Actor, *, licence: Licence, programme: Programme, cover: Cover) -> Coverage:
    """One more programme for a licence; raises `ProgrammeTaken`."""
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        today = turn_of(actor)
        row = Licence.objects.visible_to(actor).select_for_update(no_key=True, of=("self",)).get(pk=licence.pk)
        if row.coverages.filter(programme=programme.value).exists():
            raise ProgrammeTaken
        coverage = new_coverage(row, programme, cover, today=today)
        record(actor, "coverage.added", row, coverage=str(coverage.pk), **said(coverage))
        return coverage


def change_coverage(actor: Actor, *, coverage: Coverage, cover: Cover, version: int) -> Coverage:
    """New dates or another quantity; a later end opens a new term. Raises `Stale` as `change_licence` does."""
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        today = turn_of(actor)
        row = Coverage.objects.visible_to(actor).select_for_update(no_key=True, of=("self",)).get(pk=coverage.pk)
        if row.version != version:
            raise Stale
        before = row.expires_on
        starts_on = cover.starts_on if cover.starts_on != row.starts_on else None
        changed = take_over(row, asdict(cover))
        if changed:
            keep_terms([Dated(row, starts_on)], today=today)
            was = before.isoformat() if before else None
            record(actor, "coverage.changed", row.licence, coverage=str(row.pk), was=was, fields=changed, **said(row))
        return row


def product_named(actor: Actor, name: str) -> Product:
    """The product of that name in the catalogue, else the customer's own, else a new one of the customer."""
    found = Product.objects.visible_to(actor).filter(name__iexact=name).order_by("customer").last()
    return found or Product.objects.create(customer_id=actor.organisation_id, name=name)


def new_coverage(licence: Licence, programme: Programme, cover: Cover, *, today: date) -> Coverage:
    coverage = Coverage.objects.create(
        customer_id=licence.customer_id, licence=licence, programme=programme.value, **asdict(cover)
    )
    keep_terms([Dated(coverage, cover.starts_on, licence.bought_on)], today=today)
    return coverage


def take_over(row: Licence | Coverage, values: Mapping[str, Any]) -> list[str]:
    """Writes the values that differ, and which they were."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.version += 1
        row.save(update_fields=[*changed, "version"])
    return changed


def said(coverage: Coverage) -> dict[str, Any]:
    """What the audit keeps of a coverage."""
    expires_on = coverage.expires_on.isoformat() if coverage.expires_on else None
    return {"programme": coverage.programme, "expires_on": expires_on, "quantity": coverage.quantity}


def record(actor: Actor, verb: str, licence: Licence, **details: Any) -> None:
    audit.record(
        actor,
        verb,
        organisations=[licence.customer_id],
        customer_id=licence.customer_id,
        subject_id=licence.pk,
        **details,
    )
