"""The sentences of a digest, in the language in use (6-interface, "Copy")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel.lists import format_list
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from interface import dates, money
from licences.models import PROGRAMMES
from renewals.rules.digest import Case, Deadline, Group, Item
from renewals.rules.recipients import Why, receives
from renewals.rules.reminders import BOUNDARY_CODE, DEFAULT, NOTICE_CODE, Sort, Window, sort_of
from renewals.services.owed import Helper


@dataclass(frozen=True, slots=True)
class Line:
    """One coverage, with the page that shows it."""

    product: str
    programme: str
    quantity: str
    url: str
    known_url: str = ""
    give_up_url: str = ""


def line(item: Item, *, known_url: str = "", decides: bool = False) -> Line:
    url = f"{settings.BASE_URL}/licences/{item.licence}/"
    given_up = f"{settings.BASE_URL}/licences/coverages/{item.coverage}/not-renewing/" if decides else ""
    return Line(item.product, str(PROGRAMMES[item.programme]), money.number(item.quantity), url, known_url, given_up)


def long_day(value: date) -> str:
    """4 December 2026."""
    return dates.day_full(value)


def heading(deadline: Deadline, *, short: bool = False) -> str:
    """How many coverages expire or have lapsed, and when; `short` dates for a subject."""
    values = {
        "count": deadline.count,
        "date": dates.day(deadline.expires_on) if short else long_day(deadline.expires_on),
        "days": deadline.days,
        "until": dates.day(deadline.boundary_on) if short else long_day(deadline.boundary_on),
    }
    return sentence(deadline.case, deadline.count) % values


def sentence(case: Case, count: int) -> str:
    """The heading's pattern; %(days)s is never below two."""
    match case:
        case Case.AHEAD:
            return ngettext(
                "%(count)s coverage expires on %(date)s, in %(days)s days",
                "%(count)s coverages expire on %(date)s, in %(days)s days",
                count,
            )
        case Case.TOMORROW:
            return ngettext(
                "%(count)s coverage expires tomorrow, %(date)s", "%(count)s coverages expire tomorrow, %(date)s", count
            )
        case Case.TODAY:
            return ngettext(
                "%(count)s coverage expires today, %(date)s", "%(count)s coverages expire today, %(date)s", count
            )
        case Case.YESTERDAY:
            return ngettext(
                "%(count)s coverage lapsed yesterday, %(date)s", "%(count)s coverages lapsed yesterday, %(date)s", count
            )
        case Case.LAPSED:
            return ngettext(
                "%(count)s coverage lapsed on %(date)s, %(days)s days ago",
                "%(count)s coverages lapsed on %(date)s, %(days)s days ago",
                count,
            )
        case Case.NOTICE:
            return ngettext(
                "Notice for %(count)s coverage is due by %(until)s; it expires on %(date)s",
                "Notice for %(count)s coverages is due by %(until)s; they expire on %(date)s",
                count,
            )
    return ngettext(
        "%(count)s coverage lapsed on %(date)s: its gap can be closed until %(until)s",
        "%(count)s coverages lapsed on %(date)s: their gap can be closed until %(until)s",
        count,
    )


def consequence(deadline: Deadline) -> str:
    """What follows if nothing is done."""
    count = deadline.count
    values = {"date": long_day(deadline.expires_on), "until": long_day(deadline.boundary_on)}
    match deadline.case:
        case Case.AHEAD | Case.TOMORROW | Case.TODAY:
            text = ngettext(
                "After %(date)s it lapses, and reinstating it costs a fee.",
                "After %(date)s they lapse, and reinstating them costs a fee.",
                count,
            )
        case Case.YESTERDAY | Case.LAPSED:
            text = ngettext(
                "It can still be reinstated, with a fee that grows with the gap.",
                "They can still be reinstated, with a fee that grows with the gap.",
                count,
            )
        case Case.NOTICE:
            text = gettext("Whoever does not want to go on has to say so by %(until)s.")
        case _:
            text = gettext("After that the gap stays for good, and cover can only be recovered, at a higher price.")
    return text % values


def headline(groups: Sequence[Group]) -> str:
    """The most urgent deadline, in full."""
    return heading(groups[0].deadlines[0])


def subject(groups: Sequence[Group], *, about: Sequence[str] = ()) -> str:
    """The most urgent deadline, whose customer it is among several, and how much more there is.

    `about` stands before it: programs that file mails by their subject would take single ones of a day for one.
    """
    first = groups[0].deadlines[0]
    text = heading(first, short=True).replace("\u00a0", " ")
    before = about or ([groups[0].name] if len(groups) > 1 else [])
    if before:
        text = f"{', '.join(before)}: {text}"
    more = sum(group.size for group in groups) - first.count
    return text + (ngettext(", and %(count)s more", ", and %(count)s more", more) % {"count": more} if more else "")


def preheader(groups: Sequence[Group]) -> str:
    """What a list of mails shows beside the subject."""
    products = list(dict.fromkeys(item.product for item in groups[0].deadlines[0].items))
    return f"{groups[0].name}: {', '.join(products[:3])}" + (" …" if len(products) > 3 else "")


def greeting(name: str, consequence: str) -> str:
    """The mail's first paragraph; a desk's address has no name."""
    hello = gettext("Hello %(name)s.") % {"name": name} if name else gettext("Hello.")
    return f"{hello} {consequence}"


def see_all(count: int) -> str:
    """The button."""
    return ngettext("See this coverage", "See these %(count)s coverages", count) % {"count": count}


def left(count: int) -> str:
    """What a long mail leaves out."""
    return ngettext(
        "And %(count)s more coverage, less urgent, which the page shows.",
        "And %(count)s more coverages, less urgent, which the page shows.",
        count,
    ) % {"count": count}


def stop(customer: str = "") -> str:
    """The link that stops a customer's reminders, or all."""
    return gettext("Stop reminders of %(name)s") % {"name": customer} if customer else gettext("Stop all reminders")


def helper(each: Helper, *, of: int) -> str:
    """Which advisor's contact was told too; `of` is how many coverages the mail lists."""
    if each.sees < of:
        text = gettext("Your advisor %(firm)s sees some of these. Your contact there is %(name)s")
    elif each.may_quote:
        text = gettext("Your advisor %(firm)s may quote for these. Your contact there is %(name)s")
    else:
        text = gettext("Your advisor %(firm)s sees these. Your contact there is %(name)s")
    return text % {"firm": each.firm, "name": each.name} + (f": {each.phone}." if each.phone else ".")


def reason(why: Why, customers: Sequence[str], *, firm: str = "") -> str:
    """Why this reader gets the mail; `firm` is the reader's own, where it advises these customers."""
    names = format_list(list(customers[:3]), locale=dates.locale()) if len(customers) <= 3 else ""
    match why:
        case Why.OWNER:
            text = gettext("You get this because you are an owner at %(names)s.")
        case Why.RENEWALS_MANAGER:
            text = gettext("You get this because you manage renewals at %(names)s.")
        case Why.APPROVER:
            text = gettext("You get this because you approve renewals at %(names)s.")
        case Why.STAND_IN if firm:
            text = gettext("You get this because you own %(firm)s, and its contact for %(names)s cannot be reached.")
        case Why.STAND_IN:
            text = gettext(
                "You get this because you approve renewals at %(names)s, and mail to those who manage them comes back."
            )
        case _ if names:
            text = gettext("You get this because you are the contact that %(names)s has chosen.")
        case _:
            text = gettext("You get this because you are the contact that these customers have chosen.")
    return text % {"names": names or gettext("these customers"), "firm": firm}


def unreached(customer: str) -> str:
    """What its lead advisor is told where nobody of a customer is."""
    return gettext("Mail to %(name)s comes back: nobody there has been told. Please tell them yourself.") % {
        "name": customer
    }


def rhythm(why: Why) -> str:
    """On which days such a reader is written to."""
    return rhythm_in(dates.locale(), why)


@cache
def rhythm_in(locale: str, why: Why) -> str:
    """It is the same for all of them, whatever is due."""
    days = [day for day in DEFAULT.days if why is Why.STAND_IN or receives(why, Window(day, day))]
    values = {
        "before": listed([-day for day in days if day < 0], locale),
        "after": listed([day for day in days if day > 0], locale),
    }
    return (
        gettext(
            "We write %(before)s days before an expiry, on its day, and %(after)s days after it; "
            "we stop once it is renewed."
        )
        % values
    )


def listed(days: Sequence[int], locale: str) -> str:
    return str(format_list([str(day) for day in days], locale=locale))


def window_label(code: int) -> str:
    """The day of a reminder, as a person says it."""
    if sort_of(code) is Sort.NOTICE:
        days = NOTICE_CODE - code
        return ngettext("%(count)s day before notice is due", "%(count)s days before notice is due", days) % {
            "count": days
        }
    if sort_of(code) is Sort.BOUNDARY:
        days = BOUNDARY_CODE - code
        return ngettext(
            "%(count)s day before the gap stays for good", "%(count)s days before the gap stays for good", days
        ) % {"count": days}
    if code == 0:
        return gettext("on the day of expiry")
    if code < 0:
        return ngettext("%(count)s day before expiry", "%(count)s days before expiry", -code) % {"count": -code}
    return ngettext("%(count)s day after expiry", "%(count)s days after expiry", code) % {"count": code}


WHY = {
    Why.OWNER.value: _("owner"),
    Why.RENEWALS_MANAGER.value: _("renewals manager"),
    Why.APPROVER.value: _("approver"),
    Why.CONTACT.value: _("the advisor’s contact"),
    Why.LEAD.value: _("the advisor’s contact"),
    Why.STAND_IN.value: _("stand-in"),
}
SORTS = {
    Sort.AHEAD.value: _("Only those before an expiry"),
    Sort.NOTICE.value: _("Only those of a notice that is due"),
    Sort.LAPSED.value: _("Only those after a lapse"),
    Sort.BOUNDARY.value: _("Only those before a gap stays for good"),
}
DROPPED = {
    "renewed": _("Renewed before it was sent"),
    "ordered": _("A quote for it was accepted"),
    "muted": _("The reader wants none"),
    "known": _("The reader knows"),
    "snoozed": _("Snoozed"),
    "forgone": _("Will not be renewed"),
    "access": _("Access had ended"),
    "over": _("No longer due, or the reader no longer in charge"),
    "suppressed": _("Mail to the reader came back or was refused"),
    "withdrawn": _("Withdrawn before it was sent"),
    "operator": _("Withdrawn by the programme"),
    "capped": _("A later reminder took its place"),
    "": _("A later reminder took its place"),
}
