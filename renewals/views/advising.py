"""Who helps a customer: each firm once, with what it reaches, and what nobody watches."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.rules import Actor
from licences.models import Assignment, Exclusion, Selection, Transfer, Visibility
from licences.rules import Scope
from licences.views.grid import unassigned


@dataclass(slots=True)
class Advisor:
    """A firm with access; `levels` and `ends` of all its grants, lowest and first at the front."""

    name: str
    pk: UUID
    coverages: int = 0
    levels: list[int] = field(default_factory=list)
    ends: list[date] = field(default_factory=list)

    @property
    def span(self) -> list[int]:
        """The lowest and the highest level, once where they are the same."""
        return sorted({self.levels[0], self.levels[-1]})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many firms have access, how many coverages none of them sees, and how many transfers wait for consent."""

    advisors: int
    without: int
    asked: int = 0


def advisors(actor: Actor, *, total: int) -> list[Advisor]:
    """The firms in the order of what they reach; `total` is the number of the customer's coverages."""
    grants = list(Assignment.objects.visible_to(actor).in_force().select_related("advisor").order_by("id"))
    picked, left_out = _counted(Selection, grants), _counted(Exclusion, grants)
    firms: dict[UUID, Advisor] = {}
    for grant in grants:
        firm = firms.setdefault(grant.advisor_id, Advisor(grant.advisor.name, grant.advisor_id))
        reached = total - left_out[grant.pk] if grant.scope == Scope.ALL else firm.coverages + picked[grant.pk]
        firm.coverages = min(total, max(firm.coverages, reached))
        firm.levels = sorted({*firm.levels, grant.level})
        firm.ends = sorted({*firm.ends, grant.ends_on})
    return sorted(firms.values(), key=lambda firm: (-firm.coverages, firm.name))


def tally(actor: Actor, mine: QuerySet[Visibility]) -> Tally:
    """The counts that the home gives of it."""
    grants = Assignment.objects.visible_to(actor).in_force()
    asked = Transfer.objects.visible_to(actor).waiting_for_consent()
    return Tally(grants.values("advisor").distinct().count(), unassigned(actor, mine).count(), asked.count())


def _counted(model: type[Selection | Exclusion], grants: list[Assignment]) -> Counter[UUID]:
    rows = model.objects.filter(assignment__in=[grant.pk for grant in grants]).order_by()
    return Counter(dict(rows.values_list("assignment").annotate(count=Count("*"))))
