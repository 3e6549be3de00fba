"""The letters about what will not be renewed: to the customer that is asked, and to the firms that look after it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from accounts.letters import person, rendered
from accounts.models import Letter
from accounts.outbox import Mail
from accounts.rules import AccessLevel, Actor, Kind, Role
from interface import dates
from interface.money import currency_of, minor_unit, money_exact, number
from licences.models import PROGRAMMES, Visibility
from licences.querysets import today_in
from renewals.models import Decision, Price
from renewals.rules.decisions import State, remaining
from renewals.rules.pipeline import Held, worth
from renewals.rules.pricing import PriceRow, Prices

Phrase = str | Promise
WHOLE, PART = True, False
HEADLINES: dict[tuple[str, bool], Phrase] = {
    ("proposed", WHOLE): _("%(author)s proposes not to renew %(product)s"),
    ("proposed", PART): _("%(author)s proposes not to renew %(seats)s of %(product)s"),
    ("agreed", WHOLE): _("%(customer)s agrees not to renew %(product)s"),
    ("agreed", PART): _("%(customer)s agrees not to renew %(seats)s of %(product)s"),
    ("dropped", WHOLE): _("%(customer)s renews %(product)s all the same"),
    ("dropped", PART): _("%(customer)s renews all of %(product)s all the same"),
    ("withdrawn", WHOLE): _("%(author)s no longer proposes not to renew %(product)s"),
    ("withdrawn", PART): _("%(author)s no longer proposes to renew less of %(product)s"),
    ("decided", WHOLE): _("%(customer)s will not renew %(product)s"),
    ("decided", PART): _("%(customer)s will not renew %(seats)s of %(product)s"),
    ("taken_back", WHOLE): _("%(customer)s renews %(product)s after all"),
    ("taken_back", PART): _("%(customer)s renews all of %(product)s after all"),
}
TEXTS: dict[str, Phrase] = {
    "proposed": _("Nothing happens until somebody of %(customer)s answers. Reminders go on until then."),
    "agreed": _("Quotes leave these seats out from now on, and reminders for them are silent."),
    "dropped": _("Nothing has changed: quotes and reminders count all of its seats."),
    "withdrawn": _("There is nothing to answer any more. Quotes and reminders count all of its seats."),
    "decided": _("Quotes leave these seats out from now on. One from before has to be recalculated."),
    "taken_back": _("Reminders come again, and quotes count all of its seats. One from before has to be recalculated."),
}
LASTING = {"proposed": State.PROPOSED, "decided": State.DECIDED}
"""News that is told only while it is true."""
FALLEN = ("dropped", "withdrawn", "taken_back")
"""News of what stands no more: all seats are to be renewed."""


@dataclass(frozen=True, slots=True)
class News:
    """A letter with the decision that it speaks of, read afresh, and what its reader sees of the coverage."""

    letter: Letter
    decision: Any
    seen: Any

    @property
    def kind(self) -> str:
        return str(self.letter.context["news"])

    @property
    def is_whole(self) -> bool:
        return remaining(self.seen.quantity, self.decision.quantity) == 0

    @property
    def values(self) -> dict[str, str]:
        """What the sentences name."""
        return {
            "customer": self.decision.customer.name,
            "author": self.decision.organisation.name,
            "product": self.seen.coverage.licence.product.name,
            "seats": seats_of(self.decision, self.seen),
        }

    @property
    def is_own(self) -> bool:
        """Whether the reader is the customer's."""
        return bool(self.letter.organisation_id == self.decision.customer_id)

    @property
    def shows_prices(self) -> bool:
        """A firm sees amounts from level Quote on; the customer's people who are written to build quotes themselves."""
        return self.is_own or self.seen.access_level >= AccessLevel.QUOTE


def compose_decision(letter: Letter) -> Mail | None:
    """The letter as it is true now; None when it is answered, the coverage renewed, or its reader sees it no more."""
    rows = Decision.objects.select_related("customer", "organisation")
    decision = rows.filter(pk=letter.context["decision"]).first()
    seen = seen_by(letter, decision) if decision else None
    if decision is None or seen is None or not is_true(letter, decision, seen):
        return None
    with override(letter.language):
        return rendered(letter, "renewals/mail/decision", context_of(News(letter, decision, seen)))


def seen_by(letter: Letter, decision: Decision) -> Any:
    """The coverage as the reader's organisation sees it, with the customer's `today`; None where it does not."""
    kind = Kind.CUSTOMER if letter.organisation_id == decision.customer_id else Kind.ADVISOR
    if letter.organisation_id is None:
        return None
    rows = Visibility.objects.visible_to(Actor(letter.organisation_id, kind, Role.MEMBER))
    named = rows.select_related("coverage__licence__product", "customer")
    return named.annotate(today=today_in("customer__time_zone")).filter(coverage=decision.coverage_id).first()


def is_true(letter: Letter, decision: Decision, seen: Visibility) -> bool:
    """Whether it still stands as the letter says, of the expiry that the coverage still has."""
    lasting = LASTING.get(letter.context["news"])
    return decision.expires_on == seen.expires_on and lasting in (None, decision.state)


def context_of(news: News) -> dict[str, Any]:
    """What the template shows; a proposal is answered on its page, everything else is read on the licence's."""
    asks = news.kind == "proposed"
    who = person(news.letter.context.get("by")) if asks else None
    page = ("renewals:not-renewing", news.decision.coverage_id)
    if not asks:
        page = ("licences:licence", news.seen.coverage.licence_id)
    return {
        "headline": str(HEADLINES[news.kind, news.is_whole] % news.values),
        "text": str(TEXTS[news.kind] % news.values),
        "facts": facts(news),
        "sender": who.name if who else "",
        "message": news.decision.note if asks else "",
        "url": settings.BASE_URL + reverse(page[0], args=[page[1]]),
        "label": gettext("Answer") if asks else gettext("See the licence"),
        "customer": news.values["customer"],
        "is_own": news.is_own,
    }


def facts(news: News) -> list[tuple[str, str]]:
    """What stands now, in a few lines; an amount only for a reader who may see prices."""
    seen, falls = news.seen, news.kind in FALLEN
    left = seen.quantity if falls else remaining(seen.quantity, news.decision.quantity)
    found = [
        (gettext("Coverage"), f"{news.values['product']}, {PROGRAMMES[seen.programme]}"),
        (gettext("Covered through"), dates.day(news.decision.expires_on)),
    ]
    if not falls:
        found.append((gettext("Not renewed"), news.values["seats"]))
        found.append((gettext("Reason"), news.decision.get_reason_display()))
    if left:
        found.append((gettext("Still to renew"), number(left)))
    if news.shows_prices and (amount := yearly(seen, left or seen.quantity)):
        is_part = 0 < left < seen.quantity
        found.append((gettext("One year of what is left") if is_part else gettext("One year of it"), amount))
    return found


def seats_of(decision: Decision, seen: Visibility) -> str:
    """How many of how many."""
    given_up = min(decision.quantity, seen.quantity)
    words = ngettext("%(count)s of %(all)s seat", "%(count)s of %(all)s seats", seen.quantity)
    return words % {"count": number(given_up), "all": number(seen.quantity)}


def yearly(seen: Any, quantity: int) -> str:
    """The published one-year price of so many seats on the customer's today, net of tax; "" where there is none."""
    product, currency = seen.coverage.licence.product_id, currency_of(seen.customer.country)
    held = Held(product, seen.programme, currency, quantity, 1, is_started=False, is_ordered=False)
    rows = Price.objects.in_force(seen.today).filter(product=product).as_rows()
    tally = worth(
        [held], Prices(PriceRow(**row) for row in rows), on=seen.today, units={currency: minor_unit(currency)}
    )
    return " · ".join(money_exact(amount, code) for code, amount in tally.money.items())
