"""Issuing certificates, reading them, and the check that is open to everybody."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import Organisation
from accounts.permissions import require
from accounts.rules import AccessLevel, Actor, Kind, Power
from accounts.tenancy import acting_as
from licences.models import Coverage, CoverageTerm, Visibility
from licences.querysets import VisibilityQuerySet
from licences.rules import NO_DATE
from licences.services.turns import take_turn
from renewals.models import Certificate, Order
from renewals.rules.certificates import (
    Certified,
    Standing,
    covered_from,
    digest,
    frozen,
    new_number,
    says_the_same,
    tidied,
    token,
)

CLAIM = "coverage__licence__product"
AT_ONCE = 500


class NotInForce(Exception):
    """Nothing to certify: no cover on this day or bought for a day to come, or none with an expiry date."""


def issue(actor: Actor, coverage: Coverage | UUID) -> Certificate:
    """The certificate in force of a coverage; a new one where there is none, or other terms have taken its place.

    Cover that begins on a day to come has one at once: it says from when.

    Raises `NotInForce`, and Visibility.DoesNotExist for a coverage that the actor may not see.
    """
    pk = coverage.pk if isinstance(coverage, Coverage) else coverage
    with transaction.atomic():
        seen = visible(actor).get(coverage=pk)
        require(actor, Power.SEE_DATES, level=AccessLevel(seen.access_level))
        take_turn(pk)  # Two who ask at once get one certificate.
        current = Certificate.objects.visible_to(actor).current().filter(coverage=pk).first()
        return current or written(actor, seen.customer, lasting([seen]), of=seen)


def issue_for_all(actor: Actor) -> Certificate:
    """One certificate of everything that the customer itself has in force; the last one while it says the same.

    Raises `NotInForce`.
    """
    with transaction.atomic():
        require(actor, Power.SEE_LICENCES)
        take_turn(actor.organisation_id)
        seen = list(visible(actor).filter(expires_on__lt=NO_DATE).order_by("coverage_id"))
        if not seen:
            raise NotInForce
        customer, rows = seen[0].customer, in_force(seen)
        last = Certificate.objects.visible_to(actor).current().filter(coverage=None).order_by("-id").first()
        if last and says_the_same(last.facts, rows):
            return last
        return written(actor, customer, rows, of=None)


def visible(actor: Actor) -> VisibilityQuerySet[Visibility]:
    return Visibility.objects.visible_to(actor).select_related("customer", CLAIM)


def day_at(customer: Organisation) -> date:
    """The day it is now where the customer is."""
    return timezone.localdate(timezone=ZoneInfo(customer.time_zone))


def lasting(seen: Sequence[Visibility]) -> list[Certified]:
    """What of it has not ended by the customer's day, cover that begins later included; one query."""
    begins = begun([each.coverage_id for each in seen])
    ahead = (each for each in seen if day_at(each.customer) <= each.expires_on < NO_DATE)
    return [certified(each, begins[each.coverage_id]) for each in ahead]


def in_force(seen: Sequence[Visibility]) -> list[Certified]:
    """What of it has cover on the customer's day, all of one customer."""
    today = day_at(seen[0].customer)
    return [each for each in lasting(seen) if (each.starts_on or today) <= today]


def begun(coverages: Collection[UUID]) -> dict[UUID, list[tuple[date, date]]]:
    """The bought stretches of each, first and last day."""
    found: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    terms = CoverageTerm.objects.filter(coverage__in=coverages).values_list("coverage", "starts_on", "ends_on")
    for coverage, starts_on, ends_on in terms:
        found[coverage].append((starts_on, ends_on))
    return found


def certified(seen: Visibility, terms: Sequence[tuple[date, date]]) -> Certified:
    coverage, licence = seen.coverage, seen.coverage.licence
    return Certified(
        coverage=str(coverage.pk),
        product=licence.product.name,
        manufacturer=licence.product.manufacturer,
        programme=coverage.programme,
        quantity=coverage.quantity,
        serial=licence.serial,
        starts_on=covered_from(terms, starts_on=coverage.starts_on, expires_on=seen.expires_on),
        expires_on=seen.expires_on,
    )


def issue_each(actor: Actor, coverages: Collection[UUID], *, order: Order | None = None) -> int:
    """A certificate for each of them that lasts and has none, as after an order; how many were issued.

    In a fixed number of statements. The caller holds the customer's lock, and writes the audit.
    """
    with transaction.atomic():
        require(actor, Power.SEE_DATES)
        known = Certificate.objects.visible_to(actor).current().filter(coverage__in=coverages).values("coverage")
        seen = list(visible(actor).filter(coverage__in=coverages).exclude(coverage__in=known))
        rows, programme = lasting(seen), issuer()
        fresh = [
            drawn(seen[0].customer, [each], coverage=UUID(each.coverage), order=order, by=programme) for each in rows
        ]
        Certificate.objects.bulk_create(fresh, batch_size=AT_ONCE)
        return len(fresh)


def written(actor: Actor, customer: Organisation, rows: Sequence[Certified], *, of: Visibility | None) -> Certificate:
    """A new one: of one coverage, or of everything."""
    if not rows:
        raise NotInForce
    certificate = drawn(customer, rows, coverage=of.coverage_id if of else None, by=issuer())
    certificate.save(force_insert=True)
    told(actor, certificate, "certificate.issued", licence=of.coverage.licence_id if of else None)
    return certificate


def drawn(
    customer: Organisation, rows: Sequence[Certified], *, coverage: UUID | None, by: str, order: Order | None = None
) -> Certificate:
    """A certificate that is not kept yet."""
    number, ends_on = new_number(), min(each.expires_on for each in rows)
    named = {"name": customer.name, "country": str(customer.country)}
    facts = frozen(number, issued_on=day_at(customer), issuer=by, customer=named, certified=rows)
    return Certificate(
        customer=customer,
        coverage_id=coverage,
        order=order,
        number=number,
        token_hash=token(number),
        issued_at=timezone.now(),
        valid_until=datetime.combine(ends_on + timedelta(1), time(), ZoneInfo(customer.time_zone)),
        facts=facts,
        sha256=digest(facts),
    )


def issuer() -> str:
    """Whose programme this is."""
    programme = Organisation.objects.filter(kind=Kind.PROGRAMME.value).order_by("id").first()
    return programme.name if programme else ""


def read(actor: Actor, certificate: Certificate) -> None:
    """Both sides see in the history that an advisor has read it; a customer's own reading is nobody's business."""
    if actor.kind is Kind.ADVISOR:
        with transaction.atomic():
            seen = Coverage.objects.visible_to(actor).filter(certificates=certificate.pk).first()
            told(actor, certificate, "certificate.read", licence=seen.licence_id if seen else None)


def told(actor: Actor, certificate: Certificate, verb: str, *, licence: UUID | None) -> None:
    audit.record(
        actor,
        verb,
        organisations={certificate.customer_id, actor.organisation_id},
        customer_id=certificate.customer_id,
        subject_id=licence,
        certificate=str(certificate.pk),
        number=certificate.number,
    )


def standing(typed: str) -> Standing:
    """What anybody learns of a number, signed in or not: whether it is valid, and not a word more."""
    number = tidied(typed)
    if not number:
        return Standing.UNKNOWN
    with acting_as(None, token=token(number)):
        found = Certificate.objects.checked(number).with_standing().first()
    return Standing(found.standing) if found else Standing.UNKNOWN


def history(actor: Actor, certificate: Certificate) -> list[Certificate]:
    """Those before and after it of the same coverage, or of everything, newest first."""
    alike = Q(coverage=certificate.coverage_id) if certificate.coverage_id else Q(coverage=None)
    others = Certificate.objects.visible_to(actor).filter(alike, customer=certificate.customer_id)
    return list(others.exclude(pk=certificate.pk).with_standing().order_by("-id")[:20])
