"""What the verbs of the directory say in the activity."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.audit import Phrase, Told
from accounts.rules import Actor
from advisors.models import TIERS, Contact


def contact_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    return dict(Contact.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))


def firm_changed(told: Told) -> str:
    tier = TIERS.get(told.details.get("tier", ""), "")
    if "tier" in told.details.get("changed", ()):
        return format_html(_("Put {firm} into the tier {tier}"), firm=told.name("subject"), tier=tier)
    return format_html(_("Changed what the directory says of {firm}"), firm=told.name("subject"))


def contact_saved(told: Told) -> str:
    return format_html(_("Changed the contact {name}"), name=told.name("subject"))


def contact_left(told: Told) -> str:
    return format_html(_("Noted that the contact {name} has left"), name=told.name("subject"))


FIRMS: dict[str, Phrase] = {
    "firm.changed": firm_changed,
    "firm.contact_saved": contact_saved,
    "firm.contact_left": contact_left,
}
