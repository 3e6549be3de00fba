"""What firms ask of a customer and nobody has answered: for its home and its assignments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import allows
from accounts.rules import Actor, Power
from interface.dates import day
from licences.models import AccessRequest, Assignment
from licences.rules import Scope

WISHES = {
    Scope.SELECTED.value: gettext_lazy("for coverages of your choice"),
    Scope.ALL.value: gettext_lazy("for all licences"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request: whose, for which level and what else, since when, and where it is answered."""

    firm: str
    level: int
    text: str
    wish: str | Promise
    asked_at: datetime
    url: str


def waiting(actor: Actor) -> list[Waiting]:
    """The oldest first, for those who may answer; two queries."""
    return [*first_requests(actor), *more_requests(actor)] if allows(actor, Power.NARROW_ACCESS) else []


def first_requests(actor: Actor) -> Iterator[Waiting]:
    """From firms that ask to be assigned."""
    rows = Assignment.objects.visible_to(actor).requested().select_related("advisor", "approach")
    for row in rows.order_by("approach__created_at", "id"):
        wished = row.approach or row
        at = row.approach.created_at if row.approach else row.created_at
        wish = WISHES[wished.scope]
        yield Waiting(row.advisor.name, wished.level, _("asks for access"), wish, at, url("licences:asked", row.pk))


def more_requests(actor: Actor) -> Iterator[Waiting]:
    """From firms that ask for more than they have."""
    rows = AccessRequest.objects.visible_to(actor).waiting().select_related("advisor")
    for row in rows.order_by("created_at", "id"):
        until = _("to %(day)s") % {"day": day(row.ends_on)}
        page = url("licences:request", row.pk)
        yield Waiting(row.advisor.name, row.level, _("asks for more"), until, row.created_at, page)


def url(name: str, pk: UUID) -> str:
    return reverse(name, args=[pk])
