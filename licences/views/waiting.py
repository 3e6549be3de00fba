"""What firms ask of a customer and nobody has answered: for its home and its assignments."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import allows
from accounts.rules import Actor, Power
from interface.dates import day
from licences.models import AccessRequest, Assignment


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request: whose, for which level, what else, and where it is answered."""

    firm: str
    level: int
    text: str
    url: str


def waiting(actor: Actor) -> list[Waiting]:
    """The oldest first, for those who may answer; two queries."""
    return [*first_requests(actor), *more_requests(actor)] if allows(actor, Power.NARROW_ACCESS) else []


def first_requests(actor: Actor) -> Iterator[Waiting]:
    """From firms that ask to be assigned."""
    rows = Assignment.objects.visible_to(actor).requested().select_related("advisor", "approach")
    for row in rows.order_by("approach__created_at", "id"):
        level = row.approach.level if row.approach else row.level
        yield Waiting(row.advisor.name, level, _("asks for access"), reverse("licences:asked", args=[row.pk]))


def more_requests(actor: Actor) -> Iterator[Waiting]:
    """From firms that ask for more than they have."""
    rows = AccessRequest.objects.visible_to(actor).waiting().select_related("advisor")
    for row in rows.order_by("created_at", "id"):
        until = _("to %(day)s") % {"day": day(row.ends_on)}
        yield Waiting(row.advisor.name, row.level, until, reverse("licences:request", args=[row.pk]))
