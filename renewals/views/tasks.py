"""What one can do from the home: only what exists and the role may."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import allows
from accounts.rules import Actor, Kind, Power
from interface.money import number
from renewals.views.advising import Tally
from renewals.views.links import link

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Task:
    """A card: an icon, what it is, what it does, where it leads, and how it stands."""

    icon: str
    title: Text
    text: Text
    url: str
    note: str = ""


CARDS: tuple[tuple[str, str, Text, Text, Power], ...] = (
    (
        "refresh",
        "renewals:quote-new",
        _("Continue with renewal"),
        _("Bring coverages to one date, see what each way costs, and save the quote."),
        Power.BUILD_QUOTES,
    ),
    (
        "advisor",
        "licences:add",
        _("Assign advisor and set visibility"),
        _("Let a certified partner help. You choose the licences and what it may do."),
        Power.GRANT_SELECTED,
    ),
    (
        "table",
        "licences:assignments",
        _("View licence assignments"),
        _("Who sees which licence. Change a level or an end date, or end access."),
        Power.SEE_LICENCES,
    ),
    (
        "calendar",
        "licences:list",
        _("Licences and coverage"),
        _("Every licence with its coverage over time, gaps included."),
        Power.SEE_LICENCES,
    ),
    (
        "upload",
        "licences:import",
        _("Import licences"),
        _("Bring a file from another system. You see what would change before it does."),
        Power.EDIT_LICENCES,
    ),
    (
        "prices",
        "renewals:pricing",
        _("Pricing schedule"),
        _("What each programme costs, by product, term and quantity, and what changes when."),
        Power.SEE_PRICES,
    ),
    (
        "send",
        "licences:transfers",
        _("Transfer to a distributor"),
        _("Hand licence and company data to a certified distributor, field by field."),
        Power.PREPARE_TRANSFERS,
    ),
    (
        "bell",
        "renewals:reminders",
        _("Reminders"),
        _("What was sent to whom, when and why, and what goes out next."),
        Power.SEE_LICENCES,
    ),
    (
        "people",
        "accounts:team",
        _("Team"),
        _("Invite colleagues and say who may do what."),
        Power.MANAGE_MEMBERS,
    ),
)


BEGINNINGS: tuple[tuple[str, str, Text, Text, Power], ...] = (
    (
        "search",
        "advisors:directory",
        _("Your firm in the directory"),
        _("Look at the directory as customers do: this is how they find you."),
        Power.SEE_PORTFOLIO,
    ),
)
FIRST: dict[Kind, tuple[str, ...]] = {
    Kind.CUSTOMER: ("licences:import", "licences:list", "licences:add", "accounts:team"),
    Kind.ADVISOR: ("accounts:team", "advisors:directory"),
}


def first_steps(actor: Actor) -> list[Task]:
    """What to begin with while there is nothing to show."""
    known = {name: (icon, title, text, power) for icon, name, title, text, power in (*CARDS, *BEGINNINGS)}
    return [
        Task(icon, title, text, url)
        for name in FIRST.get(actor.kind, ())
        for icon, title, text, power in [known[name]]
        if allows(actor, power) and (url := link(name))
    ]


def tasks(actor: Actor, tally: Tally, *, coverages: int) -> list[Task]:
    """The cards, with how things stand."""
    notes = dict(_notes(tally, coverages))
    return [
        Task(icon, title, text, url, notes.get(name, ""))
        for icon, name, title, text, power in CARDS
        if allows(actor, power) and (url := link(name))
    ]


def _notes(tally: Tally, coverages: int) -> Iterator[tuple[str, str]]:
    yield (
        "licences:add",
        _counted(ngettext("%(count)s advisor now", "%(count)s advisors now", tally.advisors), tally.advisors),
    )
    if tally.without:
        words = ngettext("%(count)s coverage has no advisor", "%(count)s coverages have no advisor", tally.without)
        yield "licences:assignments", _counted(words, tally.without)
    elif tally.advisors:
        yield "licences:assignments", gettext("Every coverage has an advisor")
    if tally.asked:
        words = ngettext("%(count)s waits for consent", "%(count)s wait for consent", tally.asked)
        yield "licences:transfers", _counted(words, tally.asked)
    yield "licences:list", _counted(ngettext("%(count)s coverage", "%(count)s coverages", coverages), coverages)


def _counted(words: str, count: int) -> str:
    return words % {"count": number(count)}
