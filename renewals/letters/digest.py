"""The digest: of a letter's reminders those still due, put into the reader's words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from accounts.letters import rendered
from accounts.models import Letter
from accounts.outbox import EDITION, Draft, Mail
from renewals.letters import wording
from renewals.rules.digest import Deadline, Group, Item, grouped, shortened
from renewals.rules.recipients import Why
from renewals.services.ledger import drop_others
from renewals.services.mutes import Way
from renewals.services.owed import Owed, hold, small, still_owed
from renewals.services.silences import Knowing

TEMPLATE = "renewals/mail/reminder"
FEW = 5
LINES = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One deadline as the mail shows it: a heading, what follows from it, its lines."""

    heading: str
    note: str
    lines: list[wording.Line]


@dataclass(frozen=True, slots=True)
class Section:
    """One customer as the mail shows it."""

    name: str
    parts: list[Part]


def compose_digest(letter: Letter) -> Mail | None:
    """The mail of what is due to its reader at this moment, days counted now; None when nothing is any more."""
    owed = still_owed([letter])
    drop_others(letter, owed)
    return written(letter, owed) if owed else None


def draft_digests(letters: Sequence[Letter]) -> Iterator[tuple[Letter, Draft]]:
    """The mails of letters that owe all that they were posted for, and no more than fits into a mail."""
    for _, members in groupby(small(letters, most=LINES), key=lambda letter: letter.context.get("today")):
        together = list(members)
        owed_by = {pk: list(rows) for pk, rows in groupby(still_owed(together), key=attrgetter("letter"))}
        for letter in together:
            owed = owed_by.get(letter.pk, [])
            if owed and owed[0].attached == len(owed):
                yield letter, Draft(partial(written, letter, owed), hold(letter, owed))


def written(letter: Letter, owed: Sequence[Owed]) -> Mail:
    """What is owed, in the reader's language."""
    groups = grouped([each.item() for each in owed], owed[0].today)
    out = way_out(letter, groups).address()
    headers = {
        EDITION: edition(owed),
        "List-Unsubscribe": f"<{out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    with translation.override(letter.language):
        return rendered(letter, TEMPLATE, content(letter, owed, groups, out), headers=headers)


def content(letter: Letter, owed: Sequence[Owed], groups: Sequence[Group], out: str) -> dict[str, Any]:
    """All that the templates show; `out` is the link that the mail program's own button has."""
    first = groups[0].deadlines[0]
    coverages = {each.coverage for each in owed}
    shown = shortened(groups, lines=LINES)
    left = sum(group.size for group in groups) - sum(group.size for group in shown)
    advises = owed[0].organisation != owed[0].customer
    known = known_urls(letter, owed)
    return {
        "subject_line": wording.subject(groups, about=about(owed[0]) if letter.context.get("single") else ()),
        "headline": wording.headline(groups),
        "preheader": wording.preheader(groups),
        "greeting": wording.greeting(first_name(owed[0]), wording.consequence(first)),
        "lead": wording.consequence(first),
        "organisation_name": owed[0].organisation_name,
        "sections": [section(group, known, decides=decides(owed[0])) for group in shown],
        "left": wording.left(left) if left else "",
        "several": len(groups) > 1,
        "list_url": settings.BASE_URL + ("/portfolio/" if advises else "/licences/"),
        "list_label": wording.see_all(len(coverages)),
        "helpers": unreached(owed) if advises else helpers(owed[0], of=len(coverages)),
        "reason": reason(owed, groups),
        "rhythm": wording.rhythm(Why(owed[0].why)),
        "exits": exits(letter, groups, out),
        "ledger_url": f"{settings.BASE_URL}/reminders/",
    }


def reason(owed: Sequence[Owed], groups: Sequence[Group]) -> str:
    """Each standing by which the reader gets what is in the mail, in a sentence."""
    firm = owed[0].organisation_name if owed[0].organisation != owed[0].customer else ""
    names = [group.name for group in groups]
    return " ".join(dict.fromkeys(wording.reason(Why(each.why), names, firm=firm) for each in owed))


def helpers(owed: Owed, *, of: int) -> list[str]:
    """To whom the customer's people may turn."""
    return [wording.helper(each, of=of) for each in owed.helpers]


def unreached(owed: Sequence[Owed]) -> list[str]:
    """The customers of which nobody else is told."""
    return [wording.unreached(name) for name in dict.fromkeys(each.customer_name for each in owed if each.is_alone)]


def section(group: Group, known: dict[UUID | None, str], *, decides: bool) -> Section:
    """A customer's part."""
    return Section(group.name, [part(deadline, known, decides=decides) for deadline in group.deadlines])


def decides(owed: Owed) -> bool:
    """Whether the reader may say that something will not be renewed."""
    return Why(owed.why) in (Why.OWNER, Why.RENEWALS_MANAGER)


def known_urls(letter: Letter, owed: Sequence[Owed]) -> dict[UUID | None, str]:
    """For each coverage of which its reader may say "I know": from a week before on it is urgent for everybody."""
    reader = UUID(letter.context["recipient"])
    return {
        each.coverage: Knowing(
            reader, each.organisation, each.customer, each.coverage, each.expires_on, each.product
        ).address()
        for each in owed
        if not each.is_urgent
    }


def exits(letter: Letter, groups: Sequence[Group], out: str) -> list[tuple[str, str]]:
    """The links that stop reminders, with their labels: by customer while these are few."""
    if len(groups) > FEW:
        return [(wording.stop(), out)]
    if len(groups) > 1:
        return [(wording.stop(group.name), way(letter, group.customer, group.name).address()) for group in groups]
    only = [(wording.stop(groups[0].name), out)]
    if groups[0].size > 1:
        return only
    sole = groups[0].deadlines[0].items[0]
    return [(wording.stop(sole.product), coverage_way(letter, sole).address()), *only]


def part(deadline: Deadline, known: dict[UUID | None, str], *, decides: bool) -> Part:
    lines = [wording.line(each, known_url=known.get(each.coverage, ""), decides=decides) for each in deadline.items]
    return Part(wording.heading(deadline), wording.consequence(deadline), lines)


def about(owed: Owed) -> list[str]:
    """What a single mail speaks of: the product, and for advisors whose it is."""
    own = owed.organisation == owed.customer
    return [owed.product] if own else [owed.customer_name, owed.product]


def first_name(owed: Owed) -> str:
    """Of a person who signs in; a desk's address has none."""
    return owed.reader_name.split(" ")[0]


def edition(owed: Sequence[Owed]) -> str:
    """Stands for the reminders in the mail, and for the seats that it names of each."""
    return sha256(" ".join(sorted(f"{each.id}:{each.quantity}" for each in owed)).encode()).hexdigest()[:16]


def way(letter: Letter, customer: UUID | None = None, name: str = "") -> Way:
    return Way(UUID(letter.context["recipient"]), customer, name)


def coverage_way(letter: Letter, item: Item) -> Way:
    """For one coverage alone."""
    return Way(UUID(letter.context["recipient"]), item.customer, item.customer_name, item.coverage, item.product)


def way_out(letter: Letter, groups: Sequence[Group]) -> Way:
    """The mail program's own unsubscribe button: this customer, or with several customers every reminder."""
    sole = groups[0] if len(groups) == 1 else None
    return way(letter, sole.customer, sole.name) if sole else way(letter)
