"""The letters about transfers: to the customer, to the advisors whom it concerns, and to the distributor."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, ngettext_lazy, override
from django.utils.translation import gettext_lazy as _

from accounts.letters import person, rendered
from accounts.models import Letter
from accounts.outbox import Mail
from accounts.querysets import database_now
from interface import dates
from licences.models import Transfer, TransferItem, Visibility
from licences.querysets import today_in
from licences.rules.transfers import State
from licences.services.transfers import token_digest

Phrase = str | Promise


class Reader(StrEnum):
    """To whom a letter goes."""

    CUSTOMER = "customer"
    ADVISOR = "advisor"
    DISTRIBUTOR = "distributor"


C, A, D = Reader.CUSTOMER, Reader.ADVISOR, Reader.DISTRIBUTOR
HEADLINES: dict[tuple[str, Reader], Phrase] = {
    ("proposed", C): ngettext_lazy(
        "%(firm)s proposes to hand %(count)d licence over to %(distributor)s",
        "%(firm)s proposes to hand %(count)d licences over to %(distributor)s",
        "count",
    ),
    ("asked", C): ngettext_lazy(
        "Your consent is asked: %(count)d licence for %(distributor)s",
        "Your consent is asked: %(count)d licences for %(distributor)s",
        "count",
    ),
    ("delivered", C): ngettext_lazy(
        "Data of %(count)d licence is on its way to %(distributor)s",
        "Data of %(count)d licences is on its way to %(distributor)s",
        "count",
    ),
    ("agreed", A): _("%(customer)s has consented to the transfer to %(distributor)s"),
    ("told", A): _("%(customer)s hands licence data over to %(distributor)s"),
    ("declined", A): _("%(customer)s has declined the transfer to %(distributor)s"),
    ("receipted", C): _("%(distributor)s has received your licence data"),
    ("receipted", A): _("%(distributor)s has received the licence data of %(customer)s"),
    ("refused", C): _("%(distributor)s has sent your transfer back"),
    ("refused", A): _("%(distributor)s has sent the transfer of %(customer)s back"),
    ("withdrawn", C): _("The transfer to %(distributor)s is withdrawn"),
    ("withdrawn", A): _("%(customer)s has withdrawn the transfer to %(distributor)s"),
    ("withdrawn", D): _("%(customer)s has withdrawn its transfer"),
    ("lapsed", C): _("The transfer to %(distributor)s has lapsed"),
    ("lapsed", A): _("The transfer of %(customer)s to %(distributor)s has lapsed"),
    ("link", D): ngettext_lazy(
        "%(customer)s sends you data of %(count)d licence",
        "%(customer)s sends you data of %(count)d licences",
        "count",
    ),
}
WAITS = _("Nothing has left yet. Before you decide you see exactly what would leave. Without an answer it lapses.")
NOTHING_LEFT = _("It was never opened: nothing has left.")
UNANSWERED = _("Nobody consented in time. Nothing has left.")
STAYS = _("Your own access stays as it is.")
TEXTS: dict[tuple[str, Reader], Phrase] = {
    ("proposed", C): WAITS,
    ("asked", C): WAITS,
    ("delivered", C): _("It is sealed until %(distributor)s confirms its receipt. You can withdraw it at any time."),
    ("agreed", A): _("%(distributor)s has been written to. You are told when it has arrived."),
    ("told", A): STAYS,
    ("declined", A): _("Nothing has left."),
    ("receipted", C): _("It can see what you consented to, through the last day. You can withdraw it at any time."),
    ("receipted", A): STAYS,
    ("refused", C): NOTHING_LEFT,
    ("refused", A): NOTHING_LEFT,
    ("withdrawn", A): STAYS,
    ("withdrawn", D): _("You no longer see it. Please delete every copy that you have taken."),
    ("link", D): _("Confirm its receipt to open it. The link works for people of %(distributor)s who are signed in."),
}
LABELS: dict[tuple[str, Reader], Phrase] = {
    ("proposed", C): _("See what would leave"),
    ("asked", C): _("See what would leave"),
    ("link", D): _("Confirm receipt"),
}
STILL = {
    "asked": (State.REQUESTED,),
    "delivered": (State.DELIVERED, State.RECEIPTED),
    "agreed": (State.DELIVERED, State.RECEIPTED),
    "told": (State.DELIVERED, State.RECEIPTED),
    "link": (State.DELIVERED,),
}


@dataclass(frozen=True, slots=True)
class News:
    """A letter with the transfer that it speaks of, read afresh: things may have changed since it was posted."""

    letter: Letter
    transfer: Transfer
    kind: str

    @property
    def reader(self) -> Reader:
        known = {self.transfer.customer_id: C, self.transfer.distributor_id: D}
        return known.get(self.letter.organisation_id, A) if self.letter.organisation_id else A

    @property
    def key(self) -> tuple[str, Reader]:
        """Which words: a request of an advisor is a proposal."""
        return ("proposed" if self.kind == "asked" and self.transfer.advisor_id else self.kind), self.reader

    @property
    def is_true(self) -> bool:
        """Whether it still holds; an end is always told."""
        return State(self.transfer.state) in STILL.get(self.kind, tuple(State))

    @property
    def values(self) -> dict[str, Any]:
        """What the sentences name."""
        return {
            "customer": self.transfer.customer.name,
            "firm": self.transfer.advisor.name if self.transfer.advisor else "",
            "distributor": self.transfer.distributor.name,
            "count": self.transfer.count,
        }


def compose_transfer(letter: Letter) -> Mail | None:
    """The letter as it is true now; None when it is not any more."""
    news = News(letter, transfer_of(letter), letter.context["news"])
    if not news.is_true or (news.kind == "told" and not shared(news)):
        return None
    with override(letter.language):
        return rendered(letter, "licences/mail/transfer", context_of(news))


def compose_link(letter: Letter) -> Mail | None:
    """The only place where a token is written out; nothing once another has replaced it."""
    news, token = News(letter, transfer_of(letter), "link"), letter.context["token"]
    if not news.is_true or news.transfer.token_hash != token_digest(token):
        return None
    with override(letter.language):
        path = reverse("licences:transfer-receive", args=[token])
        return rendered(letter, "licences/mail/transfer", context_of(news) | {"url": settings.BASE_URL + path})


def transfer_of(letter: Letter) -> Transfer:
    """The transfer, locked until the mail is composed, with today's date in the customer's zone."""
    rows = Transfer.objects.select_for_update(no_key=True, of=("self",)).annotate(today=today_in("customer__time_zone"))
    found: Transfer = rows.select_related("customer", "distributor", "advisor").get(pk=letter.context["transfer"])
    return found


def shared(news: News) -> int:
    """How many of the licences the reader's firm sees."""
    seen = Visibility.objects.filter(organisation=news.letter.organisation_id, valid_until__gt=database_now())
    items = TransferItem.objects.filter(transfer=news.transfer).values("coverage")
    return seen.filter(coverage__in=items).count()


def context_of(news: News) -> dict[str, Any]:
    """What the template shows."""
    names = {C: news.transfer.customer, A: news.transfer.advisor, D: news.transfer.distributor}
    home = names[news.reader]
    return {
        "organisation_name": home.name if home else "",
        "headline": str(HEADLINES[news.key] % news.values),
        "text": str(TEXTS[news.key] % news.values) if news.key in TEXTS else what_left(news),
        "facts": facts(news),
        "reason": news.transfer.reason,
        "url": settings.BASE_URL + path_for(news),
        "label": LABELS.get(news.key, _("Open Coterm") if news.reader is A else _("See this transfer")),
        "news": news,
    }


def what_left(news: News) -> str:
    """What a customer is told when a transfer has ended: what the distributor has seen of it, and taken."""
    transfer = news.transfer
    if news.letter.context.get("before") == State.REQUESTED:
        return str(UNANSWERED)
    if transfer.receipted_at is None:
        return str(NOTHING_LEFT)
    copies = ngettext("%(count)d copy was taken.", "%(count)d copies were taken.", transfer.copies)
    words = gettext("It had been received on %(day)s, and what it held is known there. %(copies)s")
    return words % {"day": day(news, transfer.receipted_at), "copies": copies % {"count": transfer.copies}}


def path_for(news: News) -> str:
    """Where the button leads; other advisors see nothing of the transfer itself."""
    if news.kind == "told" or (news.reader is D and news.kind == "withdrawn"):
        return "/"
    name = "licences:transfer-consent" if news.kind == "asked" else "licences:transfer"
    return reverse(name, args=[news.transfer.pk])


def facts(news: News) -> list[tuple[str, Phrase]]:
    """The transfer in a few lines; what an advisor only hears of is told without its purpose."""
    transfer = news.transfer
    if news.kind == "told":
        return [(gettext("Licences that you see"), str(shared(news))), (gettext("Until"), dates.day(transfer.ends_on))]
    found: list[tuple[str, Phrase]] = [
        (gettext("Purpose"), transfer.purpose),
        (gettext("Until"), dates.day(transfer.ends_on)),
    ]
    if news.kind in ("asked", "delivered", "link"):
        found.append((gettext("Lapses on"), day(news, transfer.lapses_at)))
    by = {"asked": transfer.created_by_id, "delivered": transfer.consented_by_id}.get(news.kind)
    if news.reader is C and (who := person(by)):
        found.append((gettext("Asked by") if news.kind == "asked" else gettext("Consented by"), who.name))
    if news.kind in ("delivered", "link"):
        found.append((gettext("Seal (SHA-256)"), transfer.sha256))
    return found


def day(news: News, instant: datetime) -> str:
    """The civil day of an instant in the customer's zone, in the reader's words."""
    return dates.day(instant.astimezone(ZoneInfo(news.transfer.customer.time_zone)).date())
