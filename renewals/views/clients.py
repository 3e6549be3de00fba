"""The list of an advisor's customers: what each shares, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rules import Actor
from interface.countries import country_name
from licences.models import Assignment, CustomerVisibility, Visibility
from licences.rules import NO_DATE

COLUMNS = ("customer_id", "customer__name", "customer__slug", "customer__country")
SHARED = ("coverages", "lapsed", "next_on", "lowest", "highest")
ORDER = ("customer__name", "customer_id")
ENDING_DAYS = 30
VIEWS: Mapping[str, str | Promise] = {
    "": pgettext_lazy("customers", "All"),
    "mine": _("My accounts"),
    "ending": _("Access ends within 30 days"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One customer in the list; `next_on` is None when nothing is left to expire."""

    name: str
    slug: str
    country: str
    coverages: int = 0
    lapsed: int = 0
    next_on: date | None = None
    lowest: int = 0
    highest: int = 0
    access_until: date | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at the list, with how many customers it shows."""

    label: str | Promise
    url: str
    count: int
    current: bool


def narrowed(actor: Actor, *, text: str, view: str) -> QuerySet[CustomerVisibility]:
    """The actor's customers whose name has `text` in it, as far as the view reaches."""
    shared = CustomerVisibility.objects.visible_to(actor)
    if text:
        shared = shared.filter(customer__name__icontains=text)
    return shared.filter(_reach(actor, view))


def _reach(actor: Actor, view: str) -> Q:
    if view == "mine":
        return Q(customer__in=_mine(actor))
    return Q(valid_until__lt=timezone.now() + timedelta(ENDING_DAYS)) if view == "ending" else Q()


def _mine(actor: Actor) -> QuerySet[Assignment, Any]:
    chosen = Assignment.objects.visible_to(actor).in_force().filter(contact__user=actor.user_id)
    return chosen.values("customer")


def views(actor: Actor, *, now: str) -> list[View]:
    """All, mine, ending: their counts in one query."""
    counted = {key or "all": Count("customer", filter=_reach(actor, key) or None) for key in VIEWS}
    counts = CustomerVisibility.objects.visible_to(actor).aggregate(**counted)
    here = reverse("renewals:customers")
    return [
        View(label, f"{here}?{urlencode({'view': key})}" if key else here, counts[key or "all"], key == now)
        for key, label in VIEWS.items()
    ]


def clients(actor: Actor, rows: list[dict[str, Any]], *, today: date) -> list[Client]:
    """The customers of one page (COLUMNS) with what they share: two queries, however many they are."""
    ids = [row["customer_id"] for row in rows]
    shared, granted = _shared(actor, ids, today), _granted(actor, ids)
    return [
        Client(
            name=row["customer__name"],
            slug=row["customer__slug"],
            country=country_name(row["customer__country"]),
            **shared.get(row["customer_id"], {}),
            **granted.get(row["customer_id"], {}),
        )
        for row in rows
    ]


def _shared(actor: Actor, ids: list[UUID], today: date) -> dict[UUID, dict[str, Any]]:
    ahead = Q(expires_on__gte=today, expires_on__lt=NO_DATE)
    found = Visibility.objects.visible_to(actor).filter(customer__in=ids).order_by().values("customer_id")
    counted = found.annotate(
        coverages=Count("*"),
        lapsed=Count("coverage", filter=Q(expires_on__lt=today)),
        next_on=Min("expires_on", filter=ahead),
        lowest=Min("access_level"),
        highest=Max("access_level"),
    )
    rows: list[Any] = list(counted)
    return {row["customer_id"]: {key: row[key] for key in SHARED} for row in rows}


def _granted(actor: Actor, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Of each customer the access that ends first, and whom it names."""
    active = Assignment.objects.visible_to(actor).in_force().filter(customer__in=ids)
    found = active.order_by("-ends_on", "-id").values_list("customer_id", "ends_on", "contact__name")
    return {customer: {"access_until": ends_on, "contact": contact or ""} for customer, ends_on, contact in found}
