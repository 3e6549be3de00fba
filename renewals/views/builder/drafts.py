"""Drafts that are opened in the builder again, to be changed in place."""

from dataclasses import replace
from uuid import UUID

from accounts.rules import Actor
from renewals.models import Quote
from renewals.rules.choice import Choice
from renewals.rules.quotes import State


def draft_of(actor: Actor, pk: UUID | None) -> Quote | None:
    """The organisation's own draft of that id; None for every other quote."""
    if pk is None:
        return None
    own = Quote.objects.visible_to(actor).filter(organisation=actor.organisation_id, state=State.DRAFT.value)
    return own.select_related("customer").filter(pk=pk).first()


def resumed(quote: Quote) -> Choice:
    """What the draft is about, to go on from."""
    kept = Choice.read(quote.inputs.get("query", ""))
    return replace(kept, customer=quote.customer.slug, draft=quote.pk, page=1)
