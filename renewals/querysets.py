"""Named questions about the portfolio, reminders, notes and saved views."""

import re
from datetime import date
from typing import Any, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.querysets import OwnQuerySet, TenantQuerySet
from accounts.rules import Actor, Kind
from licences.models import Assignment
from licences.rules.serials import SHOWN
from renewals.rules.filters import LEVELS, Filters

PAGE = (
    *("id", "created_at", "leaves_at", "window", "why", "state", "reason", "expires_on", "recipient_id", "letter"),
    *("coverage__licence_id", "coverage__licence__product__name", "coverage__programme", "customer__name"),
    *("letter__state", "letter__sent_at", "letter__recipient", "letter__ambiguous", "letter__reason"),
)
M = TypeVar("M", bound=Model, covariant=True)


class ReminderQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """A customer's own ledger; for an advisor, what its own people were sent."""
        own = "customer" if actor.kind is Kind.CUSTOMER else "organisation"
        return Q(**{own: actor.organisation_id})

    def in_state(self, state: str) -> Self:
        """`waiting`, `sent`, `dead` or `dropped`; anything else is all that was sent or will be.

        What has become of a letter is read from the letter; the ledger follows with the next sweep.
        """
        unsettled = Q(state__in=("pending", "dead"))
        shown = {
            "waiting": Q(letter__state__in=("pending", "sending")) & unsettled | Q(letter__state=None, state="pending"),
            "sent": Q(state="sent") | unsettled & Q(letter__state="sent"),
            "dead": unsettled & Q(letter__state="dead") | Q(letter__state=None, state="dead"),
            "dropped": Q(state__in=("superseded", "cancelled")),
        }
        return self.filter(shown.get(state, ~Q(state__in=("superseded", "cancelled"))))

    def for_page(self) -> "QuerySet[M, dict[str, Any]]":
        """What the page shows of each row, in one query."""
        return self.values(*PAGE)


class MuteQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        """One's own, as a person or as a firm's contact."""
        contacts = self.model._meta.apps.get_model("advisors", "Contact")._default_manager
        mine = contacts.filter(user=actor.user_id).values("pk")
        return Q(recipient_id=actor.user_id) | Q(recipient_id__in=mine)


class NoteQuerySet(OwnQuerySet[M]):
    pass


class ViewQuerySet(OwnQuerySet[M]):
    pass


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
    if filters.mine:
        asked &= mine(actor)
    if filters.text:
        asked &= found(filters.text)
    return asked
