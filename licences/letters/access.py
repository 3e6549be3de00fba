"""The letters about access: what changed, for whom, and what the reader can do now."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy, override
from django.utils.translation import gettext_lazy as _

from accounts.letters import rendered
from accounts.models import Letter, User
from accounts.outbox import Mail
from accounts.querysets import database_now
from interface import dates
from interface.labels import LEVEL_NAMES
from licences.models import AccessRequest, Assignment, Visibility
from licences.querysets import today_in
from licences.rules import NO_DATE, Scope, Status
from licences.services.policies import policy_on

LONGEST_LIST = 20
ENDS = ("revoked", "expired", "resigned", "suspended", "halted", "ending", "turned_down")
ANSWERABLE = ("asked", "requested")
Phrase = str | Promise

TO_ADVISOR: dict[str, Phrase] = {
    "granted": ngettext_lazy(
        "%(customer)s shares %(count)d licence with you", "%(customer)s shares %(count)d licences with you", "count"
    ),
    "level_raised": _("%(customer)s has raised your access to %(level)s"),
    "level_lowered": _("%(customer)s has lowered your access to %(level)s"),
    "licences_added": ngettext_lazy(
        "%(customer)s shares %(added)d more licence with you",
        "%(customer)s shares %(added)d more licences with you",
        "added",
    ),
    "licences_removed": ngettext_lazy(
        "%(customer)s no longer shares %(removed)d licence with you",
        "%(customer)s no longer shares %(removed)d licences with you",
        "removed",
    ),
    "changed": _("%(customer)s has changed your access"),
    "revoked": _("%(customer)s has ended your access"),
    "expired": _("Your access to the licences of %(customer)s has ended"),
    "resigned": _("You have given up your access to %(customer)s"),
    "suspended": _("%(customer)s has paused your access"),
    "halted": _("Your access to the licences of %(customer)s is paused"),
    "contact_left": _("%(customer)s has no contact at your firm any more"),
    "resumed": _("Your access to the licences of %(customer)s goes on"),
    "declined": _("%(customer)s has declined your request for more access"),
    "turned_down": _("%(customer)s has declined your request for access"),
    "ending": _("Your access to the licences of %(customer)s ends on %(ends)s"),
    "extended": _("Your access to the licences of %(customer)s goes on to %(ends)s"),
    "contact_changed": _("%(contact)s is now the contact of %(customer)s at your firm"),
    "lead_named": ngettext_lazy(
        "You are now the lead of %(count)d licence of %(customer)s",
        "You are now the lead of %(count)d licences of %(customer)s",
        "count",
    ),
    "lead_ended": ngettext_lazy(
        "You are no longer the lead of %(count)d licence of %(customer)s",
        "You are no longer the lead of %(count)d licences of %(customer)s",
        "count",
    ),
}
TO_CUSTOMER: dict[str, Phrase] = {
    "granted": ngettext_lazy(
        "%(firm)s now sees %(count)d of your licences", "%(firm)s now sees %(count)d of your licences", "count"
    ),
    "level_raised": _("%(firm)s now has the access level %(level)s"),
    "level_lowered": _("%(firm)s now has the access level %(level)s"),
    "licences_added": ngettext_lazy(
        "%(firm)s sees %(added)d more of your licences", "%(firm)s sees %(added)d more of your licences", "added"
    ),
    "licences_removed": ngettext_lazy(
        "%(firm)s no longer sees %(removed)d of your licences",
        "%(firm)s no longer sees %(removed)d of your licences",
        "removed",
    ),
    "changed": _("The access of %(firm)s has changed"),
    "revoked": _("The access of %(firm)s has been ended"),
    "expired": _("The access of %(firm)s has ended"),
    "resigned": _("%(firm)s has given up its access"),
    "suspended": _("The access of %(firm)s is paused"),
    "halted": _("The access of %(firm)s is paused"),
    "contact_left": _("Your contact at %(firm)s has left"),
    "resumed": _("The access of %(firm)s goes on"),
    "asked": _("%(firm)s asks for %(level)s, to %(ends)s"),
    "declined": _("The request of %(firm)s is declined"),
    "requested": _("%(firm)s asks for access to your licences"),
    "turned_down": _("The request of %(firm)s is declined"),
    "withdrawn": _("%(firm)s has taken its request back"),
    "lapsed": _("The request of %(firm)s has lapsed"),
    "ending": _("The access of %(firm)s ends on %(ends)s"),
    "extended": _("The access of %(firm)s goes on to %(ends)s"),
    "contact_changed": _("%(contact)s is now your contact at %(firm)s"),
    "lead_fell_away": ngettext_lazy(
        "%(firm)s is no longer the lead of %(count)d of your licences",
        "%(firm)s is no longer the lead of %(count)d of your licences",
        "count",
    ),
}
ADVICE_TO_ADVISOR: dict[str, Phrase] = {
    "granted": _("You are its contact for renewals, and are reminded before each expiry. Please get in touch."),
    "revoked": _("You no longer see these licences, and can no longer quote for them."),
    "expired": _("You no longer see these licences. To go on helping, ask the customer for access again."),
    "resigned": _("You no longer see these licences. To go on after all, ask the customer to assign you again."),
    "suspended": _("Until it goes on you see nothing through it, and are not reminded of these licences."),
    "halted": _(
        "Your firm’s agreement with the programme has ended. Until it is renewed you see nothing of this customer, and"
        " are not reminded."
    ),
    "contact_left": _("You and the firm’s other owners are told of its renewals, until it names somebody else."),
    "declined": _("Your access stays as it is."),
    "turned_down": _("You see none of its licences."),
    "ending": _("Until then nothing changes. To go on helping, ask the customer for a later date."),
    "extended": _("The customer had set that it goes on once by itself."),
    "contact_changed": _("This person is reminded before each expiry, and told of every change."),
    "lead_named": _("You answer for them first, and are reminded of every date."),
    "lead_ended": _("Your access stays as it is. You are reminded when an expiry is near."),
}
ADVICE_TO_CUSTOMER: dict[str, Phrase] = {
    "granted": _("Its contact has been told. You can change or end this access at any time."),
    "revoked": _("It no longer sees these licences, and is no longer reminded of them."),
    "expired": _(
        "The date that you had set has come: it no longer sees these licences, and is no longer reminded of them."
    ),
    "resigned": _(
        "It no longer sees these licences, and is no longer reminded of them. Choose another advisor, so that none"
        " expires unnoticed."
    ),
    "suspended": _("It sees nothing through this access until you let it go on; its end stays as it is."),
    "halted": _(
        "Its agreement with the programme has ended. It sees nothing until that is renewed: choose another advisor, so"
        " that no licence expires unnoticed."
    ),
    "contact_left": _("Its owners are told instead. To have a contact of your choice, assign it again."),
    "asked": _("Nothing changes until you decide: grant it in one press, or decline."),
    "declined": _("Its access stays as it is."),
    "requested": _(
        "It sees nothing, and does not know that you were asked, unless you give it access: as much as it wishes, less,"
        " or none."
    ),
    "turned_down": _("It sees nothing. Only if you wrote a word for it does it know of your answer."),
    "withdrawn": _("There is nothing to decide any more; nothing changes."),
    "lapsed": ngettext_lazy(
        "Nobody has answered it for %(days)s day. It sees nothing, and may ask again.",
        "Nobody has answered it for %(days)s days. It sees nothing, and may ask again.",
        "days",
    ),
    "ending": _("Until then nothing changes. If it shall go on helping you, choose a later date."),
    "extended": _("You had set that it goes on once by itself. It will not do so again, unless you set it again."),
    "contact_changed": _("This person is reminded before each expiry, and told of every change."),
    "lead_fell_away": _(
        "Its access to them has ended. Until you name another lead, every advisor who sees them is told of all dates."
    ),
}
GOES_ON = {
    True: _("The customer has set that it goes on once by itself then."),
    False: _("You have set that it goes on once by itself then. To let it end, take that tick away."),
}
ALWAYS = _("It is in force already.")


@dataclass(frozen=True)
class News:
    """A letter with what it speaks of, read afresh: things may have changed since it was posted."""

    letter: Letter
    grant: Assignment
    today: date

    @property
    def kind(self) -> str:
        """The audit's verb without its area; an end is named by its cause."""
        verb = str(self.letter.context["verb"]).removeprefix("assignment.")
        return str(self.letter.context["why"]) if verb == "ended" else verb

    @property
    def to_advisor(self) -> bool:
        return self.letter.organisation_id == self.grant.advisor_id

    @property
    def in_force(self) -> bool:
        return self.grant.status == Status.ACTIVE and self.grant.ends_on >= self.today

    @property
    def goes_on(self) -> bool:
        """Whether an end that is announced will not come."""
        return self.kind == "ending" and self.grant.auto_extend

    @cached_property
    def asked(self) -> AccessRequest | None:
        """The request that a letter asks to answer, while it waits."""
        if self.kind != "asked":
            return None
        return AccessRequest.objects.waiting().filter(pk=self.letter.context["request"]).first()

    @cached_property
    def is_open(self) -> bool:
        """Whether what a letter asks to decide still waits; of any other letter it is not asked."""
        if self.kind == "requested":
            return Assignment.objects.requested().filter(pk=self.grant.pk).exists()
        return self.asked is not None

    @property
    def words(self) -> str:
        """What the other side wrote: a firm that asks, or a customer that declines."""
        approach = self.grant.approach
        if self.kind == "requested" and approach:
            return approach.message
        if self.kind == "turned_down":
            return self.grant.reply
        if self.kind == "declined":
            return AccessRequest.objects.values_list("reply", flat=True).get(pk=self.letter.context["request"])
        return self.asked.message if self.asked else ""

    @property
    def values(self) -> dict[str, Any]:
        """What the sentences name."""
        context = self.letter.context
        return {
            "customer": self.grant.customer.name,
            "firm": self.grant.advisor.name,
            "contact": self.grant.contact.name if self.grant.contact else "",
            "level": LEVEL_NAMES[context["level"]],
            "ends": day(context["ends_on"]) if "ends_on" in context else "",
            **{name: context.get(name, 0) for name in ("count", "added", "removed")},
        }


def compose_access(letter: Letter) -> Mail | None:
    """The letter as it is true now; None when its access has ended or moved since it was posted."""
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).annotate(
        today=today_in("customer__time_zone")
    )
    grant = rows.select_related("customer", "advisor", "contact", "approach").get(pk=letter.context["assignment"])
    news = News(letter, grant, grant.today)
    if not is_true(news):
        return None
    with override(letter.language):
        return rendered(letter, "licences/mail/access", context_of(news))


def is_true(news: News) -> bool:
    """Whether it still holds. The end of access is always told, and the customer hears of all that was done."""
    if news.kind == "ending":
        return news.in_force and news.grant.ends_on.isoformat() == news.letter.context["ends_on"]
    if news.kind in ANSWERABLE:
        return news.is_open
    if news.kind in ENDS or not news.to_advisor:
        return True
    return shared(news).exists() and (news.in_force or news.kind != "granted")


def shared(news: News) -> QuerySet[Visibility]:
    """What the firm sees of this customer now; of a new grant what came with it. Soonest expiry first."""
    rows = Visibility.objects.filter(organisation=news.grant.advisor_id, customer=news.grant.customer_id)
    rows = rows.filter(valid_until__gt=database_now())
    if news.kind == "granted":
        rows = rows.filter(assignment=news.grant)
    return rows.select_related("coverage__licence__product").order_by("expires_on", "coverage")


def context_of(news: News) -> dict[str, Any]:
    """What the template shows."""
    phrases, advice = (TO_ADVISOR, ADVICE_TO_ADVISOR) if news.to_advisor else (TO_CUSTOMER, ADVICE_TO_CUSTOMER)
    listed = list(shared(news)[: LONGEST_LIST + 1]) if news.to_advisor and news.kind not in ENDS else []
    return {
        "organisation_name": news.grant.advisor.name if news.to_advisor else news.grant.customer.name,
        "headline": phrases[news.kind] % news.values,
        "advice": GOES_ON[news.to_advisor] if news.goes_on else advice.get(news.kind, ALWAYS) % waited(news),
        "facts": facts(news),
        "message": news.grant.message if news.kind == "granted" and news.to_advisor else "",
        "rows": listed[:LONGEST_LIST],
        "more": shared(news).count() - LONGEST_LIST if len(listed) > LONGEST_LIST else 0,
        "next_on": next((row.expires_on for row in listed if news.today <= row.expires_on < NO_DATE), None),
        "no_date": NO_DATE,
        "today": news.today,
        "url": settings.BASE_URL + path_for(news),
        "news": news,
    }


def waited(news: News) -> dict[str, int]:
    """How long a request that has lapsed was open, by the policy that ended it; of other news nothing is asked."""
    return {"days": policy_on(news.letter.created_at.date()).request_days} if news.kind == "lapsed" else {}


def path_for(news: News) -> str:
    """Where the button leads: the advisor to the customer's page, the customer to the assignment."""
    if news.kind == "turned_down" and news.to_advisor:
        return "/customers/ask/"
    if news.to_advisor:
        return "/" if news.kind in ENDS and news.kind != "ending" else f"/customers/{news.grant.customer.slug}/"
    if news.kind == "asked":
        return f"/licences/assignments/requests/{news.letter.context['request']}/"
    if "approach" in news.letter.context:
        return f"/licences/assignments/asked/{news.grant.pk}/"
    return f"/licences/assignments/{news.grant.pk}/"


def facts(news: News) -> list[tuple[str, Phrase]]:
    """The terms in a few lines, what was before the arrow where it was something else."""
    context = news.letter.context
    found: list[tuple[str, Phrase]] = [(gettext("Access level"), arrow(news, "level"))]
    if context["scope"] == Scope.ALL:
        found.append((gettext("Licences"), gettext("All licences, future ones included")))
    elif count := context.get("count"):
        found.append((gettext("Licences"), str(count)))
    if "ends_on" in context:
        found.append((gettext("Until"), arrow(news, "ends_on")))
    if news.grant.contact:
        found.append((gettext("Contact"), news.grant.contact.name))
    if person := person_of(news):
        found.append((gettext("Asked by") if news.kind in ANSWERABLE else gettext("Changed by"), person))
    if news.words:
        found.append((gettext("Message"), news.words))
    return found


def arrow(news: News, name: str) -> str:
    """A value of the letter, or two with an arrow when it has changed."""
    show = {"level": lambda value: str(LEVEL_NAMES[value]), "ends_on": day}[name]
    context = news.letter.context
    values = [context[key] for key in (f"{name}_before", name) if key in context]
    return " → ".join(show(value) for value in values)


def person_of(news: News) -> str:
    """Who did it; the customer's own people are told by name on both sides."""
    by = news.letter.context.get("by") or (news.kind == "requested" and news.grant.created_by_id)
    return User.objects.filter(pk=by).values_list("name", flat=True).first() or "" if by else ""


def day(iso: str) -> str:
    """A date of the letter's context in the reader's words."""
    return dates.day(date.fromisoformat(iso))
