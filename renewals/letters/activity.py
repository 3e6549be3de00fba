"""What the activity page says of reminders, and of an advisor's own notes and views."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from accounts.audit import Phrase, Told
from accounts.rules import Actor
from advisors.models import Contact


def posted(told: Told) -> str:
    count, readers = told.details["count"], told.details["readers"]
    text = ngettext("Wrote <b>{count}</b> expiry reminder", "Wrote <b>{count}</b> expiry reminders", count)
    people = ngettext("to {readers} person", "to {readers} people", readers)
    return format_html("{} {}", format_html(text, count=count), format_html(people, readers=readers))


def muted(told: Told) -> str:
    return format_html(gettext("{who} wants no more reminders"), who=told.name("subject"))


def unmuted(told: Told) -> str:
    return format_html(gettext("{who} wants reminders again"), who=told.name("subject"))


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
}


def contact_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    """Firms' contacts, who stand in the open directory."""
    return dict(Contact.objects.filter(pk__in=wanted).values_list("pk", "name"))
