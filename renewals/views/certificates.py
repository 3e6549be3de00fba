"""Certificates: what is in force and its certificate, one certificate, its PDF, and the check that is open to all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.rules import Actor, Kind
from accounts.tenancy import ActorRequest
from accounts.views.gate import KnownRequest
from interface import dates
from interface.answers import see_other
from interface.downloads import file_answer
from interface.paging import page
from interface.rates import spent
from interface.searches import typed
from licences.models import PROGRAMMES, Visibility
from licences.rules import NO_DATE
from licences.rules.serials import masked
from renewals.documents.certificates import certificate_pdf, check_url, shown_rows, statement
from renewals.models import Certificate
from renewals.querysets.portfolio import found, licence_found
from renewals.rules.certificates import Standing, tidied
from renewals.services import certificates as desk

CHECKS_A_MINUTE = 30
MOST_EARLIER = 20
COLUMNS = (
    "coverage_id",
    "expires_on",
    "quantity",
    "programme",
    "customer__name",
    "coverage__licence",
    "coverage__licence__serial",
    "coverage__licence__product__name",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A coverage in force, with the certificate that it has; `number` is empty before anybody asked for one."""

    coverage: UUID
    licence: UUID
    customer: str
    product: str
    programme: str | Promise
    serial: str
    quantity: int
    expires_on: date
    certificate: UUID | None
    number: str


@require_safe
def certificates(request: KnownRequest) -> HttpResponse:
    actor, text = reader(request), typed(request.GET)
    shown = page(in_force(actor, text), request.GET, keys=("expires_on", "coverage_id"))
    whole = Certificate.objects.visible_to(actor).filter(coverage=None).with_standing().order_by("-id")
    context = {
        "page": shown,
        "rows": rows(actor, shown.rows),
        "q": text,
        "advises": actor.kind is Kind.ADVISOR,
        "whole": whole.first() if actor.kind is Kind.CUSTOMER else None,
    }
    return render(request, "renewals/certificates.html", context)


def reader(request: KnownRequest) -> Actor:
    """Customers and their advisors; for everybody else there is no such page."""
    if request.actor is None or request.actor.kind not in (Kind.CUSTOMER, Kind.ADVISOR):
        raise Http404
    return request.actor


def in_force(actor: Actor, text: str) -> Any:
    """What the actor may see that is covered today, narrowed to what was typed."""
    asked = Q(expires_on__gte=dates.today(), expires_on__lt=NO_DATE)
    if text:
        asked &= found(text) if actor.kind is Kind.ADVISOR else licence_found(text)
    return Visibility.objects.visible_to(actor).filter(asked).values(*COLUMNS)


def rows(actor: Actor, values: Sequence[Mapping[str, Any]]) -> list[Row]:
    """With the certificates that there are, in one query."""
    issued = (
        Certificate.objects.visible_to(actor).current().filter(coverage__in=[each["coverage_id"] for each in values])
    )
    known = {coverage: (pk, number) for coverage, pk, number in issued.values_list("coverage", "pk", "number")}
    return [row(actor, each, *known.get(each["coverage_id"], (None, ""))) for each in values]


def row(actor: Actor, each: Mapping[str, Any], certificate: UUID | None, number: str) -> Row:
    serial = each["coverage__licence__serial"]
    return Row(
        coverage=each["coverage_id"],
        licence=each["coverage__licence"],
        customer=each["customer__name"],
        product=each["coverage__licence__product__name"],
        programme=PROGRAMMES[each["programme"]],
        serial=serial if actor.kind is Kind.CUSTOMER else masked(serial),
        quantity=each["quantity"],
        expires_on=each["expires_on"],
        certificate=certificate,
        number=number,
    )


@require_safe
def of_coverage(request: KnownRequest, coverage: UUID) -> HttpResponse:
    """The certificate of a coverage that is current; where there is none, a page that offers to issue it."""
    seen = get_object_or_404(desk.visible(reader(request)), coverage=coverage)
    issued = Certificate.objects.visible_to(request.actor).filter(coverage=coverage).with_standing().order_by("-id")
    if current := issued.current().first():
        return see_other(request, "renewals:certificate", current.pk)
    context = {
        "coverage": seen.coverage,
        "programme": PROGRAMMES[seen.programme],
        "expires_on": None if seen.expires_on == NO_DATE else seen.expires_on,
        "may_issue": dates.today() <= seen.expires_on < NO_DATE,
        "history": issued[:MOST_EARLIER],
    }
    return render(request, "renewals/certificate_none.html", context)


@require_POST
def issue(request: KnownRequest, coverage: UUID) -> HttpResponse:
    get_object_or_404(Visibility.objects.visible_to(reader(request)), coverage=coverage)
    try:
        certificate = desk.issue(request.actor, coverage)
    except desk.NotInForce:
        messages.error(request, _("There is nothing to certify: this coverage has ended."))
        return see_other(request, "renewals:certificates")
    return see_other(request, "renewals:certificate", certificate.pk)


@require_POST
def issue_all(request: KnownRequest) -> HttpResponse:
    if reader(request).kind is not Kind.CUSTOMER:
        raise Http404
    try:
        certificate = desk.issue_for_all(request.actor)
    except desk.NotInForce:
        messages.error(request, _("There is nothing to certify: no coverage is in force today."))
        return see_other(request, "renewals:certificates")
    return see_other(request, "renewals:certificate", certificate.pk)


def asked_for(request: KnownRequest, pk: UUID) -> Certificate:
    """The certificate, and a line in the history when an advisor asks for it."""
    actor = reader(request)
    certificate = get_object_or_404(Certificate.objects.visible_to(actor).with_standing(), pk=pk)
    desk.read(actor, certificate)
    return certificate


@require_GET
def certificate(request: KnownRequest, pk: UUID) -> HttpResponse:
    shown = asked_for(request, pk)
    certified = shown_rows(request.actor, shown)
    context = {
        "certificate": shown,
        "is_valid": shown.standing == Standing.VALID,
        "statement": statement(certified),
        "rows": [(each, PROGRAMMES[each.programme]) for each in certified],
        "facts": shown.facts,
        "issued_on": date.fromisoformat(shown.facts["issued_on"]),
        "last_on": shown_last(certified),
        "check_url": check_url(shown),
        "history": desk.history(request.actor, shown),
    }
    return render(request, "renewals/certificate.html", context)


def shown_last(certified: Sequence[Any]) -> date:
    """The last day, inclusive, on which everything on it is in force."""
    return min((each.expires_on for each in certified), default=dates.today() - timedelta(1))


@require_GET
def pdf(request: KnownRequest, pk: UUID) -> HttpResponse:
    shown = asked_for(request, pk)
    content = certificate_pdf(request.actor, shown)
    return file_answer(content, name=f"{shown.number}.pdf", content_type="application/pdf")


@login_not_required
@never_cache
@require_safe
def check(request: ActorRequest) -> HttpResponse:
    """Where somebody types the number of a paper that they hold."""
    if number := tidied(typed(request.GET, "number")):
        return redirect("renewals:verify", number)
    return render(request, "renewals/verify.html", {"asked": typed(request.GET, "number"), "standing": ""})


@login_not_required
@never_cache
@require_safe
def verify(request: ActorRequest, number: str) -> HttpResponse:
    """The same answer for every number that is not one, and nothing but the standing for one that is."""
    if spent("verify", get_adapter().get_client_ip(request), limit=CHECKS_A_MINUTE):
        return render(request, "429.html", status=429)
    standing = desk.standing(number)
    status = 404 if standing is Standing.UNKNOWN else 200
    return render(request, "renewals/verify.html", {"standing": standing.value, "asked": number}, status=status)
