"""Not renewing a coverage, or some of its seats: a firm proposes, the customer decides and may take it back."""

from uuid import UUID

from django.db.transaction import atomic

from accounts import audit
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import AccessLevel, Actor, Kind, Power
from licences.models import Visibility
from licences.rules.changes import Stale
from licences.services.grants import lock_customer
from renewals.models import Decision, Order, QuoteLine
from renewals.querysets.decisions import DecisionQuerySet
from renewals.rules.decisions import Reason, State
from renewals.services.acceptance import Taken


def decide(actor: Actor, *, seen: Visibility, quantity: int, reason: Reason, note: str = "") -> Decision:
    """So many seats (all of them: the whole coverage) are not renewed at its present expiry.

    The customer decides; an advisor at level Quote proposes. A new decision takes the place of an older one; reminders
    for what is not renewed fall silent. Raises Forbidden, and `Taken` once the renewal is on order.
    """
    with atomic():
        is_own = actor.kind is Kind.CUSTOMER
        level = AccessLevel.NONE if is_own else AccessLevel(seen.access_level)
        require(actor, Power.BUILD_QUOTES, level=level)
        if is_own:
            refuse_ordered(actor, seen.coverage_id)
        state = State.DECIDED if is_own else State.PROPOSED
        for older in standing(actor, seen).filter(state=state.value):
            end(older)
        made = Decision.objects.create(
            customer_id=seen.customer_id,
            organisation_id=actor.organisation_id,
            coverage_id=seen.coverage_id,
            expires_on=seen.expires_on,
            quantity=min(quantity, seen.quantity),
            reason=reason.value,
            note=note,
            state=state.value,
            created_by_id=actor.user_id,
            created_at=database_now(),
        )
        settle(actor, seen, made)
        write_down(actor, "renewal.given_up" if is_own else "renewal.giving_up_proposed", made)
        return made


def answer(actor: Actor, *, decision: Decision, agrees: bool) -> None:
    """The customer makes a firm's proposal its decision, or drops it. Raises `Stale` when it stands no more."""
    with atomic():
        require(actor, Power.BUILD_QUOTES)
        row = in_hand(actor, decision, State.PROPOSED)
        end(row)
        if agrees:
            seen = Visibility.objects.visible_to(actor).get(coverage=row.coverage_id)
            decide(actor, seen=seen, quantity=row.quantity, reason=Reason(row.reason), note=row.note)
        else:
            write_down(actor, "renewal.proposal_dropped", row)


def take_back(actor: Actor, *, decision: Decision) -> None:
    """What was not to be renewed is to be renewed after all: reminders speak again. Raises `Stale`, `Taken`."""
    with atomic():
        require(actor, Power.BUILD_QUOTES)
        row = in_hand(actor, decision, State.DECIDED)
        refuse_ordered(actor, row.coverage_id)
        end(row)
        write_down(actor, "renewal.taken_up", row)


def refuse_ordered(actor: Actor, coverage: UUID) -> None:
    """Raises `Taken` while an order holds the coverage: what was accepted is fulfilled or cancelled as it is."""
    lock_customer(actor)
    held = QuoteLine.objects.held().filter(customer=actor.organisation_id, coverage=coverage)
    if held.exists():
        raise Taken(Order.objects.visible_to(actor).filter(quote__in=held.values("quote")).first())


def standing(actor: Actor, seen: Visibility) -> DecisionQuerySet[Decision]:
    """What is proposed or decided for this coverage at its present expiry."""
    return Decision.objects.visible_to(actor).standing().filter(coverage=seen.coverage_id)


def in_hand(actor: Actor, decision: Decision, state: State) -> Decision:
    rows = Decision.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=decision.pk, state=state.value).first()
    if row is None:
        raise Stale
    return row


def end(decision: Decision) -> None:
    Decision.objects.filter(pk=decision.pk).update(state=State.TAKEN_BACK.value, ended_at=database_now())


def settle(actor: Actor, seen: Visibility, made: Decision) -> None:
    """A proposal for the same coverage has its answer with the customer's own decision."""
    if made.state != State.DECIDED:
        return
    for proposal in standing(actor, seen).filter(state=State.PROPOSED.value):
        end(proposal)
    Decision.objects.filter(pk=made.pk).update(decided_by_id=actor.user_id)


def write_down(actor: Actor, verb: str, decision: Decision) -> None:
    """For the customer, and for the firm that proposed it."""
    audit.record(
        actor,
        verb,
        organisations=[decision.customer_id, decision.organisation_id],
        customer_id=decision.customer_id,
        subject_id=decision.coverage_id,
        count=decision.quantity,
        reason=decision.reason,
    )
