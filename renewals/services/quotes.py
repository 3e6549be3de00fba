"""The life of a quote up to its answer: drafted, recalculated, submitted, sent, withdrawn, declined, discarded."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F
from django.db.transaction import atomic

from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.querysets import today_in
from licences.rules.changes import Stale
from renewals.models import Quote
from renewals.rules.choice import Choice
from renewals.rules.quotes import Closed, State, Verb, after, party_of, standing
from renewals.rules.refusals import NothingToQuote, Refusal
from renewals.services import quote_news as news
from renewals.services.candidates import Buyer, buyer, require_quoting
from renewals.services.previews import Preview, preview
from renewals.services.quote_rows import keep_lines, priced


class Unquotable(Exception):
    """The choice has no calculation; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(type(refusal).__name__)
        self.refusal = refusal


class OutOfReach(Exception):
    """What was chosen cannot all be quoted any more: access has ended, or a licence was removed. Nothing was saved."""


def save_draft(actor: Actor, choice: Choice, *, buyer: Buyer, notes: str = "", replaces: UUID | None = None) -> Quote:
    """Keeps what the choice comes to on the customer's today, with all that it rests on.

    Raises Forbidden, `Unquotable` where there is no calculation, and `OutOfReach`.
    """
    with atomic():
        found = worked_out(actor, choice, buyer=buyer)
        quote = Quote.objects.create(
            customer_id=buyer.id,
            organisation_id=actor.organisation_id,
            notes=notes,
            replaces_id=replaces,
            created_by_id=actor.user_id,
            created_at=database_now(),
            **written(actor, found, choice),
        )
        keep_all(actor, quote, found)
        news.write_down(actor, "quote.saved", quote)
        return quote


def change_draft(actor: Actor, choice: Choice, *, quote: Quote, notes: str, version: int) -> Quote:
    """The same quote, recalculated today for another choice. Raises as `save_draft` does, `Stale` and `Closed`."""
    with atomic():
        row = in_hand(actor, quote, Verb.CHANGE, version=version)
        found = worked_out(actor, choice, buyer=buyer_of(actor, row))
        row.lines.all().delete()
        keep(row, notes=notes, **written(actor, found, choice))
        keep_all(actor, row, found)
        news.write_down(actor, "quote.changed", row)
        return Quote.objects.get(pk=row.pk)


def recalculate(actor: Actor, *, quote: Quote, version: int) -> Quote:
    """The quote's own choice with a new pricing day: a draft in place, anything else as a new draft of the actor's.

    Raises as `save_draft` does.
    """
    choice = replace(Choice.read(quote.inputs["query"]), page=1)
    if quote.state == State.DRAFT:
        return change_draft(actor, choice, quote=quote, notes=quote.notes, version=version)
    return save_draft(actor, choice, buyer=buyer_of(actor, quote), notes=quote.notes, replaces=quote.pk)


def submit(actor: Actor, *, quote: Quote, version: int, to: Collection[UUID] = (), message: str = "") -> Quote:
    """Shows the quote to the customer, and mails it to those of its people; to nobody else.

    It takes the place of the one that it was recalculated from, if that is the same author's and still waits. Raises
    `Stale`, and `Closed` when its time is over.
    """
    with atomic():
        row = in_hand(actor, quote, Verb.SUBMIT, version=version)
        if row.valid_until < row.today:
            raise Closed(State.EXPIRED)
        keep(row, state=State.SUBMITTED.value, submitted_by_id=actor.user_id, submitted_at=database_now())
        replace_older(actor, row)
        still_there(actor, row)
        news.write_down(actor, "quote.submitted", row)
        news.send(actor, row, to=news.chosen(row, to), message=message)
        return Quote.objects.get(pk=row.pk)


def send(actor: Actor, *, quote: Quote, to: Collection[UUID], message: str = "") -> int:
    """Mails a submitted quote to more people of the customer; how many. Raises `Closed` when it does not wait."""
    with atomic():
        row = in_hand(actor, quote, Verb.SEND)
        readers = news.chosen(row, to)
        news.write_down(actor, "quote.sent", row, count=len(readers))
        news.send(actor, row, to=readers, message=message)
        return len(readers)


def withdraw(actor: Actor, *, quote: Quote, reason: str = "") -> None:
    """The author takes a submitted quote back; the customer is told."""
    with atomic():
        row = in_hand(actor, quote, Verb.WITHDRAW)
        end(actor, row, State.WITHDRAWN, reason=reason)
        news.write_down(actor, "quote.withdrawn", row)
        news.tell(actor, "withdrawn", row, to=news.deciders(row))


def decline(actor: Actor, *, quote: Quote, reason: str = "") -> None:
    """The customer says no; the author is told, with the reason."""
    with atomic():
        require(actor, Power.ACCEPT_QUOTES)
        row = in_hand(actor, quote, Verb.DECLINE)
        keep(row, state=State.DECLINED.value, reason=reason, decided_by_id=actor.user_id, decided_at=database_now())
        news.write_down(actor, "quote.declined", row)
        news.tell(actor, "declined", row, to=news.author(row))


def discard(actor: Actor, *, quote: Quote) -> None:
    """Throws a draft away, for good."""
    with atomic():
        row = in_hand(actor, quote, Verb.DISCARD)
        news.write_down(actor, "quote.discarded", row)
        Quote.objects.filter(pk=row.pk).delete()


def worked_out(actor: Actor, choice: Choice, *, buyer: Buyer) -> Preview:
    """The calculation of a choice all of which the actor may quote."""
    found = preview(actor, choice, buyer=buyer)
    if found.is_missing or (choice.coverages and any(_is_below(choice, found))):
        raise OutOfReach
    if found.plan is None:
        raise Unquotable(found.refusal or NothingToQuote())
    return found


def _is_below(choice: Choice, found: Preview) -> list[bool]:
    return [not each.may_quote for each in found.candidates if each.coverage not in choice.out]


def calculation_of(found: Preview) -> Any:
    """What `worked_out` made sure that there is."""
    return found.plan.calculation if found.plan else None


def written(actor: Actor, found: Preview, choice: Choice) -> dict[str, Any]:
    return priced(actor, found, calculation_of(found), choice)


def buyer_of(actor: Actor, quote: Quote) -> Buyer:
    """The quote's customer, as the actor knows it; raises `OutOfReach`."""
    known = buyer(actor, quote.customer.slug)
    if known is None:
        raise OutOfReach
    return known


def keep_all(actor: Actor, quote: Quote, found: Preview) -> None:
    """The lines; raises `OutOfReach` when access has ended, or a licence was removed, while they were written."""
    try:
        keep_lines(quote, found, calculation_of(found).lines)
    except IntegrityError as problem:
        raise OutOfReach from problem
    still_there(actor, quote)


def still_there(actor: Actor, quote: Quote) -> None:
    """Raises `OutOfReach` when access has ended while this was being written."""
    if not Quote.objects.visible_to(actor).filter(pk=quote.pk).exists():
        raise OutOfReach


def replace_older(actor: Actor, quote: Quote) -> None:
    waiting = Quote.objects.visible_to(actor).filter(organisation=quote.organisation_id, state=State.SUBMITTED.value)
    older = waiting.filter(pk=quote.replaces_id) if quote.replaces_id else ()
    for row in older:
        end(actor, row, State.WITHDRAWN)
        news.write_down(actor, "quote.withdrawn", row, replaced_by=str(quote.pk))


def in_hand(actor: Actor, quote: Quote, verb: Verb, *, version: int | None = None) -> Any:
    """The quote, locked, with `today` in the customer's zone.

    Raises `Closed` where `verb` leads nowhere, also by the calendar alone; `OutOfReach` when the actor sees it no more;
    `Stale` when it is not as `version` was.
    """
    if verb is not Verb.DECLINE:
        require_quoting(actor)
    row = locked(actor, quote.pk)
    if version not in (None, row.version):
        raise Stale
    stands = standing(State(row.state), valid_until=row.valid_until, today=row.today)
    after(stands, verb, party_of(actor, author=row.organisation_id))
    return row


def locked(actor: Actor, pk: UUID) -> Any:
    """One quote, held until the transaction ends."""
    rows = Quote.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    row = rows.select_related("customer").annotate(today=today_in("customer__time_zone")).filter(pk=pk).first()
    if row is None:
        raise OutOfReach
    return row


def end(actor: Actor | None, quote: Quote, state: State, *, reason: str = "") -> None:
    by = actor.user_id if actor else None
    keep(quote, state=state.value, reason=reason, ended_by_id=by, ended_at=database_now())


def keep(quote: Quote, **values: Any) -> None:
    """Stores a step; each is a version of its own."""
    Quote.objects.filter(pk=quote.pk).update(version=F("version") + 1, **values)


def is_over(quote: Quote, *, today: date) -> bool:
    """Whether a submitted quote's time has passed, written down or not."""
    return standing(State(quote.state), valid_until=quote.valid_until, today=today) is State.EXPIRED
