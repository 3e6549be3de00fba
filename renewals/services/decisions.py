"""Not renewing a coverage, or some of its seats: a firm proposes, the customer decides and may take it back."""

from uuid import UUID

from django.db import IntegrityError
from django.db.transaction import atomic

from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import AccessLevel, Actor, Power
from licences.models import Visibility
from licences.rules.changes import Stale
from licences.services.grants import lock_customer
from renewals.models import Decision, Order, QuoteLine
from renewals.rules.decisions import Reason, State
from renewals.services import decision_news as news
from renewals.services.acceptance import Taken


def propose(actor: Actor, *, seen: Visibility, quantity: int, reason: Reason, note: str = "") -> Decision:
    """A firm at level Quote proposes that so many seats are not renewed: the customer is asked.

    A new proposal takes the place of the firm's older one. Raises Forbidden.
    """
    with atomic():
        require(actor, Power.BUILD_QUOTES, level=AccessLevel(seen.access_level))
        for older in standing(actor, seen):
            if older.state == State.PROPOSED:
                end(older, State.TAKEN_BACK)
        made = written(actor, seen, State.PROPOSED, quantity=quantity, reason=reason.value, note=note)
        news.write_down(actor, "renewal.giving_up_proposed", made)
        news.tell(actor, "proposed", made, to=news.keepers(made))
        return made


def decide(actor: Actor, *, seen: Visibility, quantity: int, reason: Reason, note: str = "") -> Decision:
    """So many seats (all of them: the whole coverage) are not renewed at its present expiry.

    The customer's alone. It takes the place of an older decision and answers every proposal; reminders for what is not
    renewed fall silent, and the firms' contacts are told. Raises Forbidden, and `Taken` once the renewal is on order.
    """
    with atomic():
        require(actor, Power.BUILD_QUOTES)
        lock_customer(actor)
        made = settle(actor, seen, quantity, {"reason": reason.value, "note": note})
        news.tell(actor, "decided", made, to=news.helpers(made))
        return made


def agree(actor: Actor, *, decision: Decision) -> Decision:
    """The customer makes a firm's proposal its decision; its author is told so, the other contacts of what is decided.

    Raises as `decide`; `Stale` when it stands no more.
    """
    with atomic():
        require(actor, Power.BUILD_QUOTES)
        lock_customer(actor)
        row = in_hand(actor, decision, State.PROPOSED)
        seen, wrote = Visibility.objects.visible_to(actor).get(coverage=row.coverage_id), news.author(row)
        end(row, State.AGREED)
        made = settle(actor, seen, row.quantity, {"reason": row.reason, "note": row.note})
        news.tell(actor, "agreed", row, to=wrote)
        news.tell(actor, "decided", made, to=[each for each in news.helpers(made) if each not in wrote])
        return made


def settle(actor: Actor, seen: Visibility, quantity: int, why: dict[str, str]) -> Decision:
    """Writes the customer's decision, in place of what stood before it. The caller holds the customer's lock."""
    refuse_ordered(actor, seen.coverage_id)
    for older in standing(actor, seen):
        end(older, State.TAKEN_BACK if older.state == State.DECIDED else State.DROPPED)
    made = written(actor, seen, State.DECIDED, quantity=quantity, **why)
    # Reminders fall silent by a trigger on updates: a firm's proposal, which is only inserted, silences nothing.
    Decision.objects.filter(pk=made.pk).update(decided_by_id=actor.user_id)
    news.write_down(actor, "renewal.given_up", made)
    return made


def drop(actor: Actor, *, decision: Decision) -> None:
    """The customer renews all the same; the proposal's author is told. Raises `Stale` when it stands no more."""
    with atomic():
        require(actor, Power.BUILD_QUOTES)
        row = in_hand(actor, decision, State.PROPOSED)
        end(row, State.DROPPED)
        news.write_down(actor, "renewal.proposal_dropped", row)
        news.tell(actor, "dropped", row, to=news.author(row))


def withdraw(actor: Actor, *, decision: Decision) -> None:
    """The firm takes its own proposal back; whom it was written to is told. Raises `Stale` when it stands no more."""
    with atomic():
        require(actor, Power.SEE_PORTFOLIO)
        row = in_hand(actor, decision, State.PROPOSED)
        if row.organisation_id != actor.organisation_id:
            raise Stale
        end(row, State.TAKEN_BACK)
        news.write_down(actor, "renewal.proposal_withdrawn", row)
        news.tell(actor, "withdrawn", row, to=news.keepers(row))


def take_back(actor: Actor, *, decision: Decision) -> None:
    """What was not to be renewed is to be renewed after all: reminders speak again. Raises `Stale`, `Taken`."""
    with atomic():
        require(actor, Power.BUILD_QUOTES)
        lock_customer(actor)
        row = in_hand(actor, decision, State.DECIDED)
        refuse_ordered(actor, row.coverage_id)
        end(row, State.TAKEN_BACK)
        news.write_down(actor, "renewal.taken_up", row)
        news.tell(actor, "taken_back", row, to=[*news.proposers(row), *news.helpers(row)])


def refuse_ordered(actor: Actor, coverage: UUID) -> None:
    """Raises `Taken` while an order holds the coverage: what was accepted is fulfilled or cancelled as it is.

    The caller holds the customer's lock, and took it before any row: whoever did so later would wait in a circle.
    """
    held = QuoteLine.objects.held().filter(customer=actor.organisation_id, coverage=coverage)
    if held.exists():
        raise Taken(Order.objects.visible_to(actor).filter(quote__in=held.values("quote")).first())


def standing(actor: Actor, seen: Visibility) -> list[Decision]:
    """What is proposed or decided for this coverage at its present expiry, as far as the actor may see it."""
    rows = Decision.objects.visible_to(actor).standing().filter(coverage=seen.coverage_id)
    return list(rows.select_related("organisation").order_by("id"))


def in_hand(actor: Actor, decision: Decision, state: State) -> Decision:
    """The row, held; raises `Stale` when it is in that state no more, or the coverage has another expiry date."""
    rows = Decision.objects.visible_to(actor).standing().select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=decision.pk, state=state.value).first()
    if row is None:
        raise Stale
    return row


def end(decision: Decision, state: State) -> None:
    Decision.objects.filter(pk=decision.pk).update(state=state.value, ended_at=database_now())


def written(actor: Actor, seen: Visibility, state: State, *, quantity: int, **why: str) -> Decision:
    """The new row; raises `Stale` where a colleague has written one at the same time."""
    try:
        with atomic():
            return Decision.objects.create(
                customer_id=seen.customer_id,
                organisation_id=actor.organisation_id,
                coverage_id=seen.coverage_id,
                expires_on=seen.expires_on,
                quantity=min(quantity, seen.quantity),
                state=state.value,
                created_by_id=actor.user_id,
                created_at=database_now(),
                **why,
            )
    except IntegrityError:
        raise Stale from None
