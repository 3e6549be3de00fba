"""A customer looks at its licences as one of its advisors does, or would after a change; each look is written down."""

from uuid import UUID

from django.db.transaction import atomic

from accounts import audit
from accounts.permissions import require
from accounts.rules import Actor, Power
from licences.models import Assignment
from licences.rules.access import Grant, Terms, Ticks, Wish
from licences.rules.outlook import Foreseen, confirmed, edited, foreseen, wished
from licences.services.grants import held, named_by, own_coverages, terms_of, today_of


@atomic
def write_down_look(actor: Actor, *, advisor_id: UUID, verb: str = "assignment.viewed_as") -> None:
    """Only the customer reads it: what it prepares is no business of the firm."""
    require(actor, Power.SEE_LICENCES)
    audit.record(
        actor, verb, organisations=[actor.organisation_id], customer_id=actor.organisation_id, advisor=str(advisor_id)
    )


def foresee_draft(actor: Actor, *, draft: Assignment) -> Foreseen:
    """What the firm would see once the draft is confirmed."""
    grants, owned = holding(actor, draft.advisor_id)
    named = frozenset(named_by([draft], owned).get(draft.pk, ()))
    return noted(actor, draft.advisor_id, confirmed(grants, Grant(draft.pk, terms_of(draft), named)), owned)


def foresee_edit(actor: Actor, *, assignment: Assignment, terms: Terms, ticks: Ticks) -> Foreseen:
    """What the firm would see once an assignment in force has these terms and ticks."""
    grants, owned = holding(actor, assignment.advisor_id)
    return noted(
        actor, assignment.advisor_id, edited(grants, assignment.pk, terms=terms, ticks=ticks, owned=owned), owned
    )


def foresee_wish(actor: Actor, *, advisor_id: UUID, wish: Wish) -> Foreseen:
    """What the firm would see once some coverages have what the wish says."""
    grants, owned = holding(actor, advisor_id)
    own = Wish(wish.coverages & owned, wish.level, wish.ends_on, wish.follow)
    return noted(actor, advisor_id, wished(grants, own), owned)


def holding(actor: Actor, advisor_id: UUID) -> tuple[list[Grant], frozenset[UUID]]:
    """All that the firm holds now, and all that the customer owns."""
    owned = frozenset(own_coverages(actor))
    return held(actor, advisor_id=advisor_id, coverages=owned, today=today_of(actor)).grants, owned


def noted(actor: Actor, advisor_id: UUID, grants: list[Grant], owned: frozenset[UUID]) -> Foreseen:
    write_down_look(actor, advisor_id=advisor_id, verb="assignment.previewed")
    return foreseen(grants, owned)
