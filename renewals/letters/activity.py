"""What the activity page says of reminders."""

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


REMINDERS: Mapping[str, Phrase] = {
    "reminder.posted": posted,
    "reminder.muted": muted,
    "reminder.unmuted": unmuted,
}


def contact_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    """Firms' contacts, who stand in the open directory."""
    return dict(Contact.objects.filter(pk__in=wanted).values_list("pk", "name"))
