"""Go to…: customers, licences and firms by a part of their name."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.rules import Actor, Kind
from accounts.views.gate import KnownRequest
from advisors.models import Firm
from interface.searches import typed
from licences.models import CustomerVisibility, Visibility
from licences.rules.serials import masked
from renewals.querysets.portfolio import licence_found
from renewals.views.links import link

MOST = 10
SHORTEST = 2
PRODUCT, SERIAL = "coverage__licence__product__name", "coverage__licence__serial"


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, with a second line that tells it from its likes."""

    title: str
    note: str
    url: str


Group = tuple[str | Promise, list[Hit]]


@require_safe
def go(request: KnownRequest) -> HttpResponse:
    """One hit is gone to at once."""
    text = typed(request.GET)
    groups = [group for group in _groups(request.actor, text) if group[1]] if len(text) >= SHORTEST else []
    hits = [hit for _label, found_here in groups for hit in found_here]
    if len(hits) == 1:
        return redirect(hits[0].url)
    return render(request, "renewals/go.html", {"text": text, "groups": groups, "short": len(text) < SHORTEST})


def _groups(actor: Actor, text: str) -> Iterator[Group]:
    """What this kind of organisation may look for."""
    if actor.kind is Kind.ADVISOR:
        yield _("Customers"), _customers(actor, text)
        yield _("Licences"), _shared(actor, text)
    if actor.kind is Kind.CUSTOMER:
        yield _("Licences"), _own(actor, text)
    yield _("Firms"), _firms(actor, text)


def _customers(actor: Actor, text: str) -> list[Hit]:
    shared = CustomerVisibility.objects.visible_to(actor).filter(customer__name__icontains=text)
    names = shared.order_by("customer__name", "customer").values_list("customer__name", "customer__slug")
    return [Hit(name, "", link("renewals:customer", slug)) for name, slug in names[:MOST]]


def _shared(actor: Actor, text: str) -> list[Hit]:
    """An advisor's licences lead to their customer."""
    rows = Visibility.objects.visible_to(actor).filter(licence_found(text)).order_by()
    columns = ("coverage__licence", PRODUCT, SERIAL, "customer__name", "customer__slug")
    unique = rows.values_list(*columns).distinct().order_by("customer__name", PRODUCT, "coverage__licence")
    return [
        Hit(product, " · ".join(filter(None, (customer, masked(serial)))), link("renewals:customer", slug))
        for _id, product, serial, customer, slug in unique[:MOST]
    ]


def _own(actor: Actor, text: str) -> list[Hit]:
    asked = Q(**{f"{PRODUCT}__icontains": text}) | Q(**{f"{SERIAL}__icontains": text})
    rows = Visibility.objects.visible_to(actor).filter(asked).order_by()
    unique = rows.values_list("coverage__licence", PRODUCT, SERIAL).distinct().order_by(PRODUCT, "coverage__licence")
    hits = [Hit(product, serial, link("licences:licence", licence)) for licence, product, serial in unique[:MOST]]
    return [hit for hit in hits if hit.url]


def _firms(actor: Actor, text: str) -> list[Hit]:
    """Firms of the own country; the directory itself looks further."""
    here = Organisation.objects.filter(pk=actor.organisation_id).values_list("country", flat=True).get()
    try:
        firms = Firm.objects.visible_to(actor).found_by(text, country=here)[:MOST]
    except ValueError:  # The directory wants three letters.
        return []
    return [Hit(str(firm.organisation), firm.city, link("advisors:firm", firm.pk)) for firm in firms]
