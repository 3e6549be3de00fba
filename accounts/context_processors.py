"""What the frame of every page shows: who, for whom, and where one can go."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import KINDS, Membership, Organisation
from accounts.permissions import allows
from accounts.rules import Kind, Power
from accounts.tenancy import ActorRequest
from interface.shell import Link, Place, Shell

Entry = tuple[str | Promise, str]

QUOTES = (_("Quotes"), "renewals:quotes")
ORDERS = (_("Orders"), "renewals:orders")
CERTIFICATES = (_("Certificates"), "renewals:certificates")
REMINDERS = (_("Reminders"), "renewals:reminders")
ACTIVITY = (_("Activity"), "accounts:activity")
TEAM = (_("Team"), "accounts:team")
NAVIGATION: dict[Kind, tuple[Entry, ...]] = {
    Kind.CUSTOMER: (
        (_("Renewals"), "renewals:home"),
        (_("Licences"), "licences:list"),
        (_("Advisors"), "licences:assignments"),
        QUOTES,
        CERTIFICATES,
        REMINDERS,
        ACTIVITY,
    ),
    Kind.ADVISOR: (
        (_("Overview"), "renewals:home"),
        (_("Portfolio"), "renewals:portfolio"),
        (_("Customers"), "renewals:customers"),
        QUOTES,
        CERTIFICATES,
        REMINDERS,
        ACTIVITY,
    ),
    Kind.DISTRIBUTOR: ((_("Transfers"), "licences:transfers"),),
    Kind.PROGRAMME: (
        (_("Desk"), "accounts:programme"),
        (_("Customers"), "accounts:programme-customers"),
        (pgettext_lazy("navigation", "Firms"), "firms:list"),
        ORDERS,
        (_("Prices"), "renewals:schedules"),
        (_("Contacts"), "accounts:programme-contacts"),
        (pgettext_lazy("navigation", "Supplier form"), "renewals:supplier"),
        (_("Support"), "renewals:supported"),
        (_("Access"), "licences:access-policy"),
        (_("Mail"), "accounts:queue"),
        ACTIVITY,
    ),
}
FOOT: tuple[Entry, ...] = (
    (_("Pricing schedule"), "renewals:pricing"),
    (_("Supplier form"), "renewals:supplier-pdf"),
    (_("Certificate check"), "renewals:check"),
)
LATE = _("Reminders and other mail are late: the schedule has stood still for five minutes. Please tell the operator.")
PAUSED = _("Mail is paused: nothing leaves until the programme lets it.")
SEARCHING = (Kind.CUSTOMER, Kind.ADVISOR)
ACCOUNT: tuple[Entry, ...] = (
    (_("Settings"), "accounts:settings"),
    (_("Change password"), "account_change_password"),
    (_("Second step at sign-in"), "mfa_index"),
    (_("Where you are signed in"), "usersessions_list"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Nothing when nobody is signed in. Asks the database nothing: the middleware has it all."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return {}
    base: dict[str, Any] = {"person_name": str(user), "sign_out_url": reverse("account_logout")}
    return {"shell": Shell(**base, **(chosen(request) if getattr(request, "membership", None) else {}))}


def chosen(request: Any) -> dict[str, Any]:
    """What depends on the organisation that the person acts for."""
    membership = request.membership
    return {
        "organisation_name": membership.organisation.name,
        "kind_label": kind_of(membership.organisation),
        "nav": links(navigation(request), request.path),
        "account_links": links(account(request), request.path),
        "footer_links": links(foot(membership.organisation), request.path),
        "organisations": places(request.memberships, membership),
        "switch_url": reverse("accounts:switch"),
        "jump_url": address("renewals:go") if membership.organisation.kind in SEARCHING else "",
        "time_zone": request.user.time_zone,
        **banner(membership),
    }


def banner(membership: Any) -> dict[str, str | Promise]:
    """What everybody should know of the mail; managers go on from there to the queue."""
    text = PAUSED if membership.mail_is_paused else LATE if membership.mail_is_late else ""
    keeps = membership.organisation.kind == Kind.PROGRAMME
    return {"banner": text, "banner_url": reverse("accounts:queue") if text and keeps else ""}


def navigation(request: ActorRequest) -> Iterator[Entry]:
    """The main pages of this kind of organisation; an advisor's owners keep their team there."""
    actor = request.actor
    if actor:
        yield from NAVIGATION[actor.kind]
        if actor.kind is Kind.ADVISOR and allows(actor, Power.MANAGE_MEMBERS):
            yield TEAM


def account(request: ActorRequest) -> Iterator[Entry]:
    """The menu of the person; other organisations' teams are kept from here."""
    if request.actor and request.actor.kind is not Kind.ADVISOR and allows(request.actor, Power.MANAGE_MEMBERS):
        yield TEAM
    yield from ACCOUNT


def foot(organisation: Organisation) -> Iterator[Entry]:
    """What everybody may take away; prices are no distributor's."""
    yield from FOOT[organisation.kind == Kind.DISTRIBUTOR :]


def kind_of(organisation: Organisation) -> str | Promise:
    """What it is to the programme; of a firm its tier, as the directory says it."""
    firm = getattr(organisation, "firm", None)
    return _("Partner · %(tier)s") % {"tier": firm.get_tier_display()} if firm else KINDS[organisation.kind]


def links(entries: Iterator[Entry], path: str) -> list[Link]:
    """Only what exists: a page that is not there yet has no entry."""
    found = [(label, url) for label, name in entries if (url := address(name))]
    open_page = max((url for _, url in found if path.startswith(url)), key=len, default="")
    return [Link(label, url, current=url == open_page and (url != "/" or path == "/")) for label, url in found]


def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def places(memberships: Sequence[Membership], current: Membership) -> list[Place]:
    return [
        Place(str(m.organisation_id), m.organisation.name, kind_of(m.organisation), current=m.pk == current.pk)
        for m in memberships
    ]
