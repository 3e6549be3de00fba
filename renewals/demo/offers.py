"""Larkfield's quotes and orders, made by the services themselves, in several states."""

from dataclasses import dataclass

from accounts.models import Letter
from accounts.rules import Actor, Kind, Role
from accounts.tenancy import acting_as
from licences.models import Visibility
from licences.rules import NO_DATE
from renewals.demo.people import Known
from renewals.models import Quote
from renewals.rules.choice import Choice
from renewals.services.acceptance import accept
from renewals.services.candidates import buyer
from renewals.services.orders import fulfil, place
from renewals.services.quote_news import LETTER, ORDER_LETTER
from renewals.services.quotes import OutOfReach, decline, save_draft, submit

LARKFIELD, MERIDIAN = "larkfield", "meridian"
PEOPLE = {
    "alba": ("alba@larkfield.example", LARKFIELD, Kind.CUSTOMER, Role.OWNER),
    "bruno": ("bruno@meridian.example", MERIDIAN, Kind.ADVISOR, Role.OWNER),
    "elena": ("elena@programme.example", "programme", Kind.PROGRAMME, Role.MANAGER),
}
AHEAD = "mode=earliest&term=12"


@dataclass(frozen=True)
class Desk:
    """Who acts, and Larkfield's coverages, the last to expire first: what the home shows as urgent stays as it is."""

    known: Known

    def actor(self, name: str) -> Actor:
        email, slug, kind, role = PEOPLE[name]
        return Actor(self.known.organisations[slug], kind, role, self.known.users[email])

    def draft(self, who: str, numbers: slice, notes: str = "") -> Quote:
        """A draft of that person's over some of the coverages that it may quote."""
        actor = self.actor(who)
        with acting_as(actor):
            seen = Visibility.objects.visible_to(actor).filter(
                customer=self.known.organisations[LARKFIELD], access_level__gte=2, expires_on__lt=NO_DATE
            )
            ids = list(seen.order_by("-expires_on", "coverage_id").values_list("coverage_id", flat=True))[numbers]
            query = "&".join((f"customer={LARKFIELD}", *(f"coverage={pk}" for pk in ids), AHEAD))
            if (found := buyer(actor, LARKFIELD)) is None:
                raise OutOfReach
            return save_draft(actor, Choice.read(query), buyer=found, notes=notes)

    def offer(self, numbers: slice, notes: str = "") -> Quote:
        """What Bruno has submitted."""
        quote, bruno = self.draft("bruno", numbers, notes), self.actor("bruno")
        with acting_as(bruno):
            return submit(bruno, quote=quote, version=quote.version)


def load_offers(known: Known) -> None:
    """Drafts of both sides, an offer that waits, one declined, an order to place and one that is fulfilled."""
    if Quote.objects.filter(customer=known.organisations[LARKFIELD]).exists():
        return
    desk = Desk(known)
    alba, bruno, elena = (desk.actor(name) for name in ("alba", "bruno", "elena"))
    fulfilled, to_place, declined = desk.offer(slice(0, 1)), desk.offer(slice(1, 3)), desk.offer(slice(4, 5))
    with acting_as(alba):
        first = accept(alba, quote=fulfilled)
        accept(alba, quote=to_place)
        decline(alba, quote=declined, reason="We are replacing these next year.")
    with acting_as(bruno):
        place(bruno, order=first, purchase_order="4500017723")
    with acting_as(elena):
        fulfil(elena, order=first)
    desk.offer(slice(3, 5), "Both on one date, as we discussed.")
    desk.draft("alba", slice(5, 8))
    desk.draft("bruno", slice(2, 6))
    # Nobody is written to because a demo was loaded.
    Letter.objects.filter(kind__in=(LETTER, ORDER_LETTER)).delete()
