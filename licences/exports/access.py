"""The activity of access in words: what each verb says."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import Phrase, Told
from accounts.rules import Actor
from interface.labels import LEVEL_NAMES
from interface.money import number
from licences.exports.ownership import until
from licences.models import Approach
from licences.rules import Scope


def level(told: Told, key: str = "level") -> str:
    return str(LEVEL_NAMES[int(told.details.get(key, 0))])


def reached(told: Told) -> str:
    """How much the access shows: a number of coverages, or everything."""
    if told.details.get("scope") == Scope.ALL.value:
        return _("all coverages")
    if "count" not in told.details:
        return _("selected coverages")
    count = int(told.details.get("count", 0))
    return ngettext("%(count)s coverage", "%(count)s coverages", count) % {"count": number(count)}


def granted(told: Told) -> str:
    return format_html(
        _("Assigned {advisor} with {level} on {reach}, until {date}"),
        advisor=told.name("advisor"),
        level=level(told),
        reach=reached(told),
        date=until(told, "ends_on"),
    )


def graded(told: Told) -> str:
    is_raised = int(told.details.get("level", 0)) > int(told.details.get("level_before", 0))
    raised = _("Raised access of {advisor} from {before} to {level} on {reach}")
    lowered = _("Lowered access of {advisor} from {before} to {level} on {reach}")
    return format_html(
        raised if is_raised else lowered,
        advisor=told.name("advisor"),
        before=level(told, "level_before"),
        level=level(told),
        reach=reached(told),
    )


def shared(told: Told) -> str:
    count = int(told.details.get("added", 0))
    words = ngettext(
        "Shared {count} more coverage with {advisor}", "Shared {count} more coverages with {advisor}", count
    )
    return format_html(words, count=number(count), advisor=told.name("advisor"))


def withheld(told: Told) -> str:
    count = int(told.details.get("removed", 0))
    words = ngettext("Took {count} coverage from {advisor}", "Took {count} coverages from {advisor}", count)
    return format_html(words, count=number(count), advisor=told.name("advisor"))


def altered(told: Told) -> str:
    if "ends_on_before" in told.details:
        words = _("Changed the end of {advisor}’s access to {date}")
        return format_html(words, advisor=told.name("advisor"), date=until(told, "ends_on"))
    words = _("Changed access of {advisor}: {level} on {reach}")
    return format_html(words, advisor=told.name("advisor"), level=level(told), reach=reached(told))


def extended(told: Told) -> str:
    words = _("Access of {advisor} went on by itself, to {date}")
    return format_html(words, advisor=told.name("advisor"), date=until(told, "ends_on"))


def rerouted(told: Told) -> str:
    return format_html(_("Changed the contact of {advisor}’s access"), advisor=told.name("advisor"))


def ended(told: Told) -> str:
    if told.details.get("why") == "resigned":
        return format_html(_("{advisor} gave up its access"), advisor=told.name("advisor"))
    by_date = told.details.get("why") == "expired"
    words = _("Ended access of {advisor}; its end date came") if by_date else _("Ended access of {advisor}")
    return format_html(words, advisor=told.name("advisor"))


def paused(told: Told) -> str:
    return format_html(_("Paused access of {advisor}"), advisor=told.name("advisor"))


def went_on(told: Told) -> str:
    return format_html(_("Let access of {advisor} go on"), advisor=told.name("advisor"))


def halted(told: Told) -> str:
    words = _("Access of {advisor} paused; its agreement with the programme ended")
    return format_html(words, advisor=told.name("advisor"))


def asked(told: Told) -> str:
    words = _("{advisor} asked for {level}, until {date}")
    return format_html(words, advisor=told.name("advisor"), level=level(told), date=until(told, "ends_on"))


def declined(told: Told) -> str:
    return format_html(_("Declined what {advisor} asked for"), advisor=told.name("advisor"))


def requested(told: Told) -> str:
    words = _("{advisor} asked for access: {level} on {reach}")
    return format_html(words, advisor=told.name("advisor"), level=level(told), reach=wished(told))


def wished(told: Told) -> str:
    return _("all coverages") if told.details.get("scope") == Scope.ALL.value else _("coverages of your choice")


def turned_down(told: Told) -> str:
    return format_html(_("Declined to give {advisor} access"), advisor=told.name("advisor"))


def withdrawn(told: Told) -> str:
    return format_html(_("{advisor} took its request back"), advisor=told.name("advisor"))


def lapsed(told: Told) -> str:
    return format_html(_("The request of {advisor} lapsed"), advisor=told.name("advisor"))


def approached(told: Told) -> str:
    words = _("Asked {subject} for access, if it is a customer: {level}")
    return format_html(words, subject=told.name("subject"), level=level(told))


def unasked(told: Told) -> str:
    return format_html(_("Took back what was asked of {subject}"), subject=told.name("subject"))


def approach_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    """What the firm typed: it stands in no entry, only its id does."""
    return {row.pk: row.shown for row in Approach.objects.visible_to(actor).filter(pk__in=wanted)}


def drafted(told: Told) -> str:
    return format_html(_("Began to assign {advisor}"), advisor=told.name("advisor"))


def given_up(told: Told) -> str:
    return format_html(_("Gave up assigning {advisor}"), advisor=told.name("advisor"))


def viewed(told: Told) -> str:
    return format_html(_("Looked at what {advisor} sees"), advisor=told.name("advisor"))


def previewed(told: Told) -> str:
    return format_html(_("Looked at what {advisor} would see after a change"), advisor=told.name("advisor"))


ACCESS: dict[str, Phrase] = {
    "assignment.drafted": drafted,
    "assignment.discarded": given_up,
    "assignment.granted": granted,
    "assignment.level_raised": graded,
    "assignment.level_lowered": graded,
    "assignment.licences_added": shared,
    "assignment.licences_removed": withheld,
    "assignment.changed": altered,
    "assignment.suspended": paused,
    "assignment.halted": halted,
    "assignment.resumed": went_on,
    "assignment.asked": asked,
    "assignment.declined": declined,
    "assignment.requested": requested,
    "assignment.turned_down": turned_down,
    "assignment.withdrawn": withdrawn,
    "assignment.lapsed": lapsed,
    "assignment.ended": ended,
    "assignment.viewed_as": viewed,
    "assignment.previewed": previewed,
    "assignment.extended": extended,
    "assignment.contact_changed": rerouted,
    "approach.asked": approached,
    "approach.withdrawn": unasked,
    "code.made": lambda told: _("Made a code by which firms may ask for access"),
    "code.renewed": lambda told: _("Replaced the code by which firms may ask for access"),
    "code.dropped": lambda told: _("Switched off the code by which firms may ask for access"),
}
