"""What the activity page says of reminders, and of an advisor's own notes and views."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from accounts.audit import Phrase, Told
from accounts.rules import Actor
from advisors.models import Contact
from interface import dates


def posted(told: Told) -> str:
    count, readers = told.details["count"], told.details["readers"]
    text = ngettext("Wrote <b>{count}</b> expiry reminder", "Wrote <b>{count}</b> expiry reminders", count)
    people = ngettext("to {readers} person", "to {readers} people", readers)
    return format_html("{} {}", format_html(text, count=count), format_html(people, readers=readers))


def muted(told: Told) -> str:
    return format_html(gettext("{who} wants no more reminders"), who=told.name("subject"))


def unmuted(told: Told) -> str:
    return format_html(gettext("{who} wants reminders again"), who=told.name("subject"))


def known(told: Told) -> str:
    return format_html(gettext("{who} knows of an expiry, and is told again a week before"), who=told.name("subject"))


def snoozed(told: Told) -> str:
    text = gettext("Let the reminders of a coverage wait until <b>{day}</b>: {reason}")
    return format_html(text, day=dates.day(date.fromisoformat(told.details["until"])), reason=told.details["reason"])


def forgone(told: Told) -> str:
    """Of entries from before it was a decision."""
    return format_html(gettext("Will not renew a coverage: {reason}"), reason=told.details["reason"])


def resumed(told: Told) -> str:
    return gettext("Reminders of a coverage come again")


def rules_set(told: Told) -> str:
    return gettext("Changed when reminders are sent")


def noted(told: Told) -> str:
    return format_html(gettext("Added a next step for {customer}"), customer=told.name("customer"))


def note_done(told: Told) -> str:
    return format_html(gettext("Finished a next step for {customer}"), customer=told.name("customer"))


def note_reopened(told: Told) -> str:
    return format_html(gettext("Took up a next step for {customer} again"), customer=told.name("customer"))


def note_deleted(told: Told) -> str:
    return format_html(gettext("Deleted a next step for {customer}"), customer=told.name("customer"))


def view_saved(told: Told) -> str:
    return gettext("Saved a view of the portfolio")


def view_deleted(told: Told) -> str:
    return gettext("Deleted a view of the portfolio")


ADVICE: Mapping[str, Phrase] = {
    "note.added": noted,
    "note.done": note_done,
    "note.reopened": note_reopened,
    "note.deleted": note_deleted,
    "view.saved": view_saved,
    "view.deleted": view_deleted,
}
REMINDERS: Mapping[str, Phrase] = {
    "reminder.posted": posted,
    "reminder.muted": muted,
    "reminder.unmuted": unmuted,
    "reminder.known": known,
    "reminder.snoozed": snoozed,
    "reminder.forgone": forgone,
    "reminder.resumed": resumed,
    "reminder.rules": rules_set,
}


def contact_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    """Firms' contacts, who stand in the open directory."""
    return dict(Contact.objects.filter(pk__in=wanted).values_list("pk", "name"))
