"""Named questions about the portfolio."""

import re
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import F, Q

from accounts.rules import Actor
from licences.models import Assignment, CustomerVisibility
from licences.rules.serials import SHOWN
from renewals.rules.filters import LEVELS, Filters


def mine(actor: Actor) -> Q:
    """Visibility that the actor holds as the contact whom the customer chose."""
    chosen = Assignment.objects.filter(advisor=actor.organisation_id, contact__user=actor.user_id)
    return Q(assignment__in=chosen.values("pk"))


def found(text: str) -> Q:
    """Visibility of a coverage by its customer, product, or the number as far as an advisor may know it.

    The whole number, or the four characters that are shown: a search by any other part would spell it out.
    """
    return Q(customer__name__icontains=text) | licence_found(text)


def licence_found(text: str) -> Q:
    """The same without the customer's name."""
    licence = "coverage__licence__"
    product = Q(**{f"{licence}product__name__icontains": text})
    number = Q(**{f"{licence}serial__iexact": text})
    if len(text) == SHOWN:
        number |= Q(**{f"{licence}serial__iregex": f"^.{{{SHOWN},}}{re.escape(text)}$"})
    return product | number


def not_renewed(actor: Actor, state: str, *, whole: bool = False) -> Q:
    """Visibility of a coverage of which something, or the `whole`, is decided or proposed not to be renewed."""
    decisions: Any = apps.get_model("renewals", "Decision")._default_manager
    # By customer first, which an index serves: each customer's few decisions, never all that there are.
    near = decisions.visible_to(actor).filter(
        customer__in=CustomerVisibility.objects.visible_to(actor).values("customer")
    )
    seats = {"quantity__gte": F("coverage__quantity")} if whole else {}
    return Q(coverage__in=near.standing().filter(state=state, **seats).values("coverage"))


def wanted(filters: Filters, *, actor: Actor, today: date) -> Q:
    """Visibility that passes every filter; `today` is the reader's."""
    asked = Q()
    if dates := filters.dates(today):
        asked &= Q(expires_on__range=dates)
    if filters.programmes:
        asked &= Q(programme__in=filters.programmes)
    if filters.levels:
        asked &= Q(access_level__in=[LEVELS[name] for name in filters.levels])
    if filters.countries:
        asked &= Q(customer__country__in=filters.countries)
    if filters.customer:
        asked &= Q(customer__slug=filters.customer)
    if filters.renewal:
        asked &= not_renewed(actor, filters.renewal)
    if filters.mine:
        asked &= mine(actor)
    if filters.text:
        asked &= found(filters.text)
    return asked
