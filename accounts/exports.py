"""The activity in words: what each verb of accounts says, and entries as lines for pages and files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.html import format_html, strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import AREAS, NAMERS, PHRASES, Area, Phrase, Told
from accounts.models import ROLE_LABELS, AuditEntry, Invitation, Organisation, User
from accounts.rules import Actor, Pause
from interface.dates import day
from interface.money import money_exact, number


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is read; `what` may hold <b> round names and is safe. `side` is the organisation for which
    somebody acted, where that is not the reader's own.
    """

    at: datetime
    who: str
    side: str
    what: str
    customer: str
    is_person: bool

    @property
    def text(self) -> str:
        return strip_tags(self.what)


def lines(actor: Actor, entries: Iterable[AuditEntry]) -> list[Line]:
    """Entries in words; as many queries as there are kinds of names, however many entries."""
    found = list(entries)
    names = names_of(actor, found)
    return [line(entry, names) for entry in found]


def line(entry: AuditEntry, names: Mapping[str, str]) -> Line:
    area, phrase = PHRASES.get(entry.verb, (None, plainly))
    return Line(
        at=entry.at,
        who=who(entry, names, area),
        side=side(entry, names),
        what=phrase(Told(entry, names)),
        customer=names.get(str(entry.customer_id), ""),
        is_person=entry.actor_user_id is not None,
    )


def who(entry: AuditEntry, names: Mapping[str, str], area: Area | None) -> str:
    """The person; somebody of a known organisation; or the schedule, by what it looks after."""
    if entry.actor_user_id is None:
        return str(AREAS[area]) if area and entry.actor_organisation_id is None else _("Coterm")
    if name := names.get(str(entry.actor_user_id)):
        return name
    organisation = names.get(str(entry.actor_organisation_id))
    return _("Somebody at %(name)s") % {"name": organisation} if organisation else _("Somebody who has left")


def side(entry: AuditEntry, names: Mapping[str, str]) -> str:
    """Which other organisation it was; nothing for the own and for the schedule."""
    if entry.actor_organisation_id in (None, entry.organisation_id):
        return ""
    return names.get(str(entry.actor_organisation_id)) or _("An organisation that you do not know any more")


def plainly(told: Told) -> str:
    """A verb that nobody has described."""
    return format_html("{}", told.entry.verb.replace(".", ": ").replace("_", " "))


def names_of(actor: Actor, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """What the ids in the entries stand for; who acted keeps the name that the entry gave the right to (names.sql)."""
    shown = list(entries)
    wanted = {each for entry in shown for each in ids_in(entry)}
    found = {str(key): name for key, name in AuditEntry.objects.names_of_actors(shown)}
    for namer in NAMERS:
        found |= {str(key): name for key, name in namer(actor, wanted).items()}
    return found


def ids_in(entry: AuditEntry) -> Iterator[UUID]:
    own = (entry.actor_user_id, entry.actor_organisation_id, entry.customer_id, entry.subject_id)
    yield from (each for each in own if each)
    for value in entry.details.values():
        if isinstance(value, str) and len(value) == 36:
            try:
                yield UUID(value)
            except ValueError:
                continue


def organisation_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    return dict(Organisation.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))


def person_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    """People whom row-level security shows: those of the own organisation, and of those that share with it."""
    people = User.objects.filter(pk__in=wanted).values_list("pk", "name", "email")
    return {key: name or email for key, name, email in people}


def invited_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    return dict(Invitation.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", "email"))


def role(details: Mapping[str, Any], key: str = "role") -> str:
    return str(ROLE_LABELS.get(details.get(key, ""), details.get(key, "")))


def invited(told: Told) -> str:
    return format_html(
        _("Invited {who} to {organisation}, as: {role}"),
        who=told.name("subject"),
        organisation=told.name("organisation"),
        role=role(told.details),
    )


def uninvited(told: Told) -> str:
    return format_html(_("Withdrew the invitation of {who}"), who=told.name("subject"))


def joined(told: Told) -> str:
    return format_html(_("Joined {where}, as: {role}"), where=told.name("organisation"), role=role(told.details))


def role_changed(told: Told) -> str:
    return format_html(
        _("Changed the role of {who} from {before} to {role}"),
        who=told.name("subject"),
        before=role(told.details, "before"),
        role=role(told.details),
    )


def limit_set(told: Told) -> str:
    amount, currency = told.details.get("amount"), str(told.details.get("currency", ""))
    if amount is None:
        return format_html(
            _("{name} approves nothing in {currency} any more"), name=told.name("subject"), currency=currency
        )
    shown = money_exact(Decimal(str(amount)), currency)
    return format_html(_("{name} may approve quotes up to {amount}"), name=told.name("subject"), amount=shown)


def removed(told: Told) -> str:
    return format_html(_("Removed {who}, who was: {role}"), who=told.name("subject"), role=role(told.details))


def appointed(told: Told) -> str:
    return format_html(_("Made {who} a manager of the programme"), who=told.name("subject"))


def created(told: Told) -> str:
    return format_html(_("Added {name} to the programme"), name=told.name("subject"))


def edited(told: Told) -> str:
    return format_html(_("Changed the particulars of {name}"), name=told.name("subject"))


def contact_changed(told: Told) -> str:
    return format_html(_("Changed whom to ask in {country}"), country=told.details.get("country", ""))


def certified(told: Told) -> str:
    until = told.details.get("until")
    if not until:
        return format_html(_("Ended the certification of {name}"), name=told.name("subject"))
    return format_html(
        _("Certified {name} until {date}"), name=told.name("subject"), date=day(date.fromisoformat(until))
    )


def taken_away(told: Told) -> str:
    count = int(told.details.get("rows", 0))
    words = ngettext(
        "Took {count} entry of the activity away, as a file",
        "Took {count} entries of the activity away, as a file",
        count,
    )
    return format_html(words, count=number(count))


def paused(told: Told) -> str:
    if told.details.get("why") == Pause.RESTORED:
        return _("Mail was paused: the database has been restored from a backup")
    return _("Paused all mail")


def resumed(told: Told) -> str:
    count = int(told.details.get("withdrawn", 0))
    words = ngettext(
        "Let mail leave again, and withdrew {count} that waited",
        "Let mail leave again, and withdrew {count} that waited",
        count,
    )
    return format_html(words, count=number(count)) if count else _("Let mail leave again")


def retried(told: Told) -> str:
    return _("Tried a mail again that had not arrived")


def withdrawn(told: Told) -> str:
    return _("Withdrew a mail that waited")


def returned(told: Told) -> str:
    count = int(told.details.get("count", 0))
    words = ngettext("{count} mail came back or was unwanted", "{count} mails came back or were unwanted", count)
    return format_html(words, count=number(count))


def released(told: Told) -> str:
    return _("Let mail be written again to an address that had returned some")


def tried(told: Told) -> str:
    count = int(told.details.get("count", 0))
    words = ngettext(
        "{count} address that had returned mail is written to again",
        "{count} addresses that had returned mail are written to again",
        count,
    )
    return format_html(words, count=number(count))


MAIL: dict[str, Phrase] = {
    "letter.returned": returned,
    "address.released": released,
    "address.tried": tried,
    "mail.paused": paused,
    "mail.resumed": resumed,
    "letter.retried": retried,
    "letter.withdrawn": withdrawn,
}
ACTIVITY: dict[str, Phrase] = {"activity.exported": taken_away}
PEOPLE: dict[str, Phrase] = {
    "distributor.certified": certified,
    "distributor.uncertified": certified,
    "person.invited": invited,
    "person.uninvited": uninvited,
    "person.joined": joined,
    "person.role_changed": role_changed,
    "person.removed": removed,
    "person.limit_set": limit_set,
    "person.appointed": appointed,
    "organisation.created": created,
    "organisation.changed": edited,
    "contact.changed": contact_changed,
}
