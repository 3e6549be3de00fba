"""Who has asked for access: Mercado Digital Sur waits for Larkfield's answer, Halyard for one that never comes.

Halyard has access to Larkfield already, so that a request of its own would reach nobody there.
"""

from datetime import datetime, timedelta

from accounts.models import AuditEntry
from accounts.rules import AccessLevel
from advisors.models import Contact
from licences.models import Approach, Assignment
from licences.rules import Scope, Status
from licences.rules.approaches import Way
from licences.services.policies import policy_on
from renewals.demo.draws import demo_id
from renewals.demo.people import Known
from renewals.demo.rows import add, ids_by

LARKFIELD, FIRM, ROSARIO = "larkfield", "mercado-digital-sur", "rosario.pinto@mercado-digital-sur.example"
HALYARD, DIEGO = "halyard", "diego@halyard.example"
ASKED = timedelta(days=2)


def load_asks(now: datetime, known: Known) -> None:
    """Two approaches, one of which meant a customer."""
    wish = "We installed your gateways, and would like to look after their renewals."
    meant = _approach(known, (FIRM, ROSARIO), "larkfield.example", at=now - ASKED, message=wish)
    meaningless = _approach(known, (HALYARD, DIEGO), "northquay.example", at=now - ASKED)
    if Approach.objects.filter(pk=meant.pk).exists():
        return
    add(Approach, [meant, meaningless])
    request = _request(known, meant, now)
    add(Assignment, [request])
    add(AuditEntry, [_entry(request, meant)])


def _approach(known: Known, who: tuple[str, str], domain: str, *, at: datetime, message: str = "") -> Approach:
    firm, person = who
    return Approach(
        id=demo_id("approach", firm, domain),
        advisor_id=known.organisations[firm],
        contact_id=ids_by(Contact, "email", email=person).get(person),
        way=Way.DOMAIN.value,
        target=domain,
        level=AccessLevel.QUOTE.value,
        scope=Scope.SELECTED.value,
        message=message,
        asked_by_id=known.users[person],
        created_at=at,
        looked_at=at,
    )


def _request(known: Known, approach: Approach, now: datetime) -> Assignment:
    """What Larkfield sees of it."""
    return Assignment(
        id=demo_id("request", approach.pk),
        customer_id=known.organisations[LARKFIELD],
        advisor_id=approach.advisor_id,
        contact_id=approach.contact_id,
        scope=approach.scope,
        level=approach.level,
        status=Status.REQUESTED.value,
        ends_on=policy_on(now.date()).usual(now.date()),
        created_by_id=approach.asked_by_id,
        approach=approach,
    )


def _entry(request: Assignment, approach: Approach) -> AuditEntry:
    return AuditEntry(
        id=demo_id("assignment.requested", request.pk, at=approach.created_at),
        event_id=demo_id("event", request.pk),
        organisation_id=request.customer_id,
        at=approach.created_at,
        verb="assignment.requested",
        customer_id=request.customer_id,
        subject_id=request.pk,
        details={"scope": request.scope, "level": request.level, "advisor": str(request.advisor_id)},
    )
