"""What is not to be renewed: Bruno proposes it to Larkfield, and another customer of Meridian has decided."""

from datetime import date, timedelta

from accounts.models import Letter, Membership
from accounts.rules import Actor, Kind, Role
from accounts.tenancy import acting_as
from licences.models import Visibility
from renewals.demo.offers import LARKFIELD, Desk
from renewals.demo.people import Known
from renewals.models import Decision, QuoteLine
from renewals.rules.decisions import Reason
from renewals.services.decision_news import LETTER
from renewals.services.decisions import decide, propose

SOON, AHEAD = timedelta(30), timedelta(60)
SEATS = 20


def load_decisions(today: date, known: Known) -> None:
    """One proposal that waits, and one decision about a part of the seats."""
    if Decision.objects.exists():
        return
    bruno = Desk(known).actor("bruno")
    with acting_as(bruno):
        ordered = QuoteLine.objects.visible_to(bruno).held().values("coverage")
        seen = Visibility.objects.visible_to(bruno).filter(access_level__gte=2)
        own = seen.filter(customer=known.organisations[LARKFIELD], expires_on__range=(today, today + SOON))
        asked = own.exclude(coverage__in=ordered).order_by("expires_on", "coverage_id").last()
        later = seen.filter(quantity__gt=SEATS, expires_on__gt=today + SOON, expires_on__lte=today + AHEAD)
        others = later.exclude(customer=known.organisations[LARKFIELD])
        decided = others.order_by("customer__slug", "expires_on", "coverage_id").first()
        if asked:
            note = "The second gateway is switched off when the new one is in place."
            propose(bruno, seen=asked, quantity=1, reason=Reason.REPLACED, note=note)
    if decided:
        give_up(decided)
    # Nobody is written to because a demo was loaded.
    Letter.objects.filter(kind=LETTER).delete()


def give_up(shared: Visibility) -> None:
    """Its customer's first owner decides."""
    owner = Membership.objects.filter(organisation=shared.customer_id, role=Role.OWNER.value).order_by("id").first()
    actor = Actor(shared.customer_id, Kind.CUSTOMER, Role.OWNER, owner.user_id if owner else None)
    with acting_as(actor):
        seen = Visibility.objects.visible_to(actor).get(coverage=shared.coverage_id)
        decide(actor, seen=seen, quantity=SEATS, reason=Reason.BUDGET, note="The team is smaller from January.")
