"""What the schedule does to transfers: those that nobody answers lapse, and customers hear what a distributor did."""

from django.db.models import F, Q
from django.db.transaction import atomic

from accounts.querysets import database_now
from licences.models import Transfer
from licences.rules.transfers import Party, State, Verb, after
from licences.services import transfer_news as news

OPEN = (State.REQUESTED.value, State.DELIVERED.value)
ANSWERS = {State.RECEIPTED: "receipted", State.DECLINED: "refused"}


@atomic
def review_transfers() -> int:
    """Ends what has lapsed, and tells customers of receipts and refusals, for a distributor sees none of their people.

    How many have lapsed. Runs as worker; safe to run twice, and at the same time.
    """
    lapsed = lapse_what_is_over()
    tell_answers()
    return lapsed


def lapse_what_is_over() -> int:
    """A request without consent, and a delivery without receipt, after 15 days or on the transfer's own last day."""
    now = database_now()
    over = Transfer.objects.filter(Q(lapses_at__lte=now) | Q(valid_until__lte=now), state__in=OPEN)
    rows = list(over.select_for_update(skip_locked=True, no_key=True).order_by("customer", "id"))
    for row in rows:
        state = after(State(row.state), Verb.LAPSE, Party.SCHEDULE)
        Transfer.objects.filter(pk=row.pk).update(
            state=state.value, ended_at=now, token_hash="", version=F("version") + 1
        )
        news.write_down(None, "transfer.lapsed", row, before=row.state)
        news.tell(None, "lapsed", row, to=news.customers_people(row) + news.proposers(row), before=row.state)
    return len(rows)


def tell_answers() -> None:
    """Each receipt and each refusal, once."""
    states = [state.value for state in ANSWERS]
    new = Transfer.objects.filter(state__in=states, sha256__gt="", told_at=None)
    for row in new.select_for_update(skip_locked=True, no_key=True).order_by("customer", "id"):
        to = news.customers_people(row) + news.proposers(row)
        news.tell(None, ANSWERS[State(row.state)], row, to=to)
        Transfer.objects.filter(pk=row.pk).update(told_at=database_now())
