"""The letters about quotes and orders: to the customer, to the author's firm, and to the programme."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from accounts.letters import person, rendered
from accounts.models import Letter
from accounts.outbox import Mail
from accounts.rules import Actor, Kind, Role
from interface import dates
from interface.money import money_exact, number
from licences.querysets import today_in
from renewals.models import Order, Quote
from renewals.rules.quotes import State, standing

Phrase = str | Promise


class Reader(StrEnum):
    """To whom a letter goes."""

    CUSTOMER = "customer"
    ADVISOR = "advisor"
    PROGRAMME = "programme"


C, A, P = Reader.CUSTOMER, Reader.ADVISOR, Reader.PROGRAMME
HEADLINES: dict[tuple[str, Reader], Phrase] = {
    ("sent", C): _("Quote %(number)s from %(author)s"),
    ("accepted", C): _("Quote %(number)s is accepted"),
    ("accepted", A): _("%(customer)s has accepted quote %(number)s"),
    ("declined", C): _("Quote %(number)s is declined"),
    ("declined", A): _("%(customer)s has declined quote %(number)s"),
    ("withdrawn", C): _("%(author)s has withdrawn quote %(number)s"),
    ("ending", C): _("Quote %(number)s can be accepted through %(day)s"),
    ("ending", A): _("Your quote %(number)s for %(customer)s ends on %(day)s"),
    ("placed", C): _("Order %(number)s is placed"),
    ("placed", A): _("Order %(number)s of %(customer)s is placed"),
    ("placed", P): _("Order %(number)s of %(customer)s waits for you"),
    ("fulfilled", C): _("Renewed: order %(number)s is confirmed"),
    ("fulfilled", A): _("Renewed: order %(number)s of %(customer)s is confirmed"),
    ("cancelled", C): _("Order %(number)s is cancelled"),
    ("cancelled", A): _("Order %(number)s of %(customer)s is cancelled"),
    ("cancelled", P): _("Order %(number)s of %(customer)s is cancelled"),
}
TEXTS: dict[tuple[str, Reader], Phrase] = {
    ("sent", C): _("These prices hold through %(day)s. Nothing is ordered until somebody of %(customer)s accepts."),
    ("accepted", C): _("Its order has to be placed now, with your purchase order number."),
    ("accepted", A): _("Its order has to be placed now: by the customer, or by you if you may renew."),
    ("declined", C): _("Nothing is ordered, and your coverages stay as they are."),
    ("declined", A): _("Nothing is ordered. You can offer another one."),
    ("withdrawn", C): _("It can no longer be accepted. Your coverages stay as they are."),
    ("ending", C): _("After that its prices have to be calculated anew."),
    ("ending", A): _("Nobody has answered it yet. After that its prices have to be calculated anew."),
    ("placed", C): _("The programme confirms it. You are told when the new dates are in force."),
    ("placed", A): _("The programme confirms it. You are told when the new dates are in force."),
    ("placed", P): _("Confirm it, so that the new dates are in force; or cancel it with a reason."),
    ("fulfilled", C): _("The new expiry dates are in force, and reminders follow them."),
    ("fulfilled", A): _("The new expiry dates are in force, and reminders follow them."),
    ("cancelled", C): _("Nothing has changed in your coverages. Reminders for them go on."),
    ("cancelled", A): _("Nothing has changed in the coverages. Reminders for them go on."),
    ("cancelled", P): _("Nothing has to be done."),
}
WAITS = {"sent", "ending"}


@dataclass(frozen=True, slots=True)
class News:
    """A letter with the quote or order that it speaks of, read afresh; `author` and `customer` are names."""

    letter: Letter
    subject: Any
    quote: Any
    kind: str

    @property
    def reader(self) -> Reader:
        if self.letter.organisation_id == self.subject.customer_id:
            return C
        firms = {self.subject.organisation_id, self.subject.placed_organisation_id if self.is_order else None}
        return A if self.letter.organisation_id in firms else P

    @property
    def is_order(self) -> bool:
        return isinstance(self.subject, Order)

    @property
    def values(self) -> dict[str, str]:
        """What the sentences name."""
        return {
            "number": self.subject.number,
            "customer": self.quote.customer.name,
            "author": self.quote.organisation.name,
            "day": dates.day(self.quote.valid_until),
        }


def compose_quote(letter: Letter) -> Mail | None:
    """The letter as it is true now; None when the quote waits no more, or the reader's firm may not see it."""
    quote = quotes().filter(pk=letter.context["quote"]).first()
    return composed(News(letter, quote, quote, letter.context["news"])) if quote else None


def compose_order(letter: Letter) -> Mail | None:
    """The same for an order; an order notice cannot be muted."""
    order = Order.objects.filter(pk=letter.context["order"]).first()
    quote = quotes().filter(pk=order.quote_id).first() if order else None
    return composed(News(letter, order, quote, letter.context["news"])) if quote else None


def quotes() -> Any:
    rows = Quote.objects.select_related("customer", "organisation")
    return rows.annotate(today=today_in("customer__time_zone"))


def composed(news: News) -> Mail | None:
    if not (is_true(news) and may_read(news)):
        return None
    with override(news.letter.language):
        return rendered(news.letter, "renewals/mail/quote", context_of(news))


def is_true(news: News) -> bool:
    """Whether a quote that is sent, or about to end, still waits for its answer; an end is always told."""
    stands = standing(State(news.quote.state), valid_until=news.quote.valid_until, today=news.quote.today)
    return news.kind not in WAITS or stands in (State.SUBMITTED, State.DRAFT)


def may_read(news: News) -> bool:
    """Whether a firm still sees the quote or the order, and so its amounts; whose access has ended gets nothing."""
    if news.reader is not A or news.letter.organisation_id is None:
        return True
    firm = Actor(news.letter.organisation_id, Kind.ADVISOR, Role.MEMBER)
    return bool(type(news.subject).objects.visible_to(firm).filter(pk=news.subject.pk).exists())


def context_of(news: News) -> dict[str, Any]:
    """What the template shows."""
    key = (news.kind, news.reader)
    path = reverse("renewals:order" if news.is_order else "renewals:quote", args=[news.subject.pk])
    return {
        "organisation_name": "" if news.reader is P else home(news),
        "headline": str(HEADLINES[key] % news.values),
        "text": str(TEXTS[key] % news.values),
        "facts": facts(news),
        "message": news.letter.context.get("message", ""),
        "sender": sender(news),
        "reason": news.subject.reason if news.kind in ("declined", "withdrawn", "cancelled") else "",
        "notes": news.quote.notes if news.kind == "sent" else "",
        "is_partial": news.quote.is_partial and news.kind == "sent",
        "url": settings.BASE_URL + path,
        "label": gettext("See this order") if news.is_order else gettext("See this quote"),
        "is_order": news.is_order,
    }


def home(news: News) -> str:
    if news.reader is C:
        return str(news.quote.customer.name)
    firm = news.letter.organisation
    return str(firm.name if firm else news.quote.organisation.name)


def sender(news: News) -> str:
    """Who sent the quote, by name."""
    who = person(news.letter.context.get("by")) if news.kind == "sent" else None
    return who.name if who else ""


def facts(news: News) -> list[tuple[str, str]]:
    """The quote in a few lines; totals of each currency stand by themselves."""
    count = len(news.quote.coverages)
    words = ngettext("%(count)s coverage", "%(count)s coverages", count) % {"count": number(count)}
    found = [(gettext("Covers"), words)]
    if news.quote.ends_on:
        found.append((gettext("New expiry date"), dates.day(news.quote.ends_on)))
    found += [(gettext("Total"), money_exact(amount, currency)) for currency, amount in news.subject.money.items()]
    if news.is_order and news.subject.purchase_order:
        found.append((gettext("Purchase order"), news.subject.purchase_order))
    return found
