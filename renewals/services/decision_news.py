"""What is proposed or decided not to be renewed is written down for both sides, and told by mail."""

from collections.abc import Iterable

from accounts import audit
from accounts.outbox import Addressee
from accounts.rules import Actor
from licences.services.transfer_news import contacts, helping
from renewals.models import Decision
from renewals.rules.decisions import State
from renewals.services import quote_news as news

LETTER = "renewals.decision"


def write_down(actor: Actor, verb: str, decision: Decision) -> None:
    """For the customer, and for the firm that proposed it. The seats and the reason, never the note."""
    audit.record(
        actor,
        verb,
        organisations=[decision.customer_id, decision.organisation_id],
        customer_id=decision.customer_id,
        subject_id=decision.coverage_id,
        count=decision.quantity,
        reason=decision.reason,
    )


def tell(actor: Actor, said: str, decision: Decision, *, to: Iterable[Addressee]) -> None:
    """A letter for each reader but whoever did it. The key keeps the same news from going out twice."""
    for reader in news.others(actor, to):
        key = f"decision:{decision.pk}:{said}:{reader.email}"[:200]
        sent = {"decision": str(decision.pk), "news": said, "by": news.by(actor)}
        news.post(actor, LETTER, reader, decision.customer_id, key=key, **sent)


def keepers(decision: Decision) -> list[Addressee]:
    """The customer's people who may answer: owners and renewals managers."""
    return news.people(decision.customer_id, roles=news.KEEPERS)


def author(decision: Decision) -> list[Addressee]:
    """Who made the proposal, or the owners of the firm where that person has left."""
    team = news.people(decision.organisation_id)
    wrote = [each for each in team if each.user_id == decision.created_by_id]
    return wrote or news.people(decision.organisation_id, roles=news.OWNERS)


def proposers(decision: Decision) -> list[Addressee]:
    """Those whose proposal the customer made this decision of."""
    agreed = Decision.objects.filter(
        customer=decision.customer_id,
        coverage=decision.coverage_id,
        expires_on=decision.expires_on,
        state=State.AGREED.value,
    )
    newest = agreed.order_by("-ended_at").first()
    return author(newest) if newest else []


def helpers(decision: Decision) -> list[Addressee]:
    """The contacts of the assignments that reach the coverage."""
    return contacts(helping(decision.customer_id, [decision.coverage_id]))
