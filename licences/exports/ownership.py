"""The activity of what a customer owns, in words; and the names of what it owns."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import Phrase, Told
from accounts.rules import Actor
from interface.dates import day
from interface.money import number
from licences.models import PROGRAMMES, ImportBatch, Licence


def licence_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    licences = Licence.objects.visible_to(actor).filter(pk__in=wanted).select_related("product")
    return {licence.pk: str(licence) for licence in licences}


def batch_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    return dict(ImportBatch.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))


def programme(told: Told) -> str:
    code = told.details.get("programme", "")
    return str(PROGRAMMES.get(code, code))


def until(told: Told, key: str = "expires_on") -> str:
    """The last day that the details name, or that there is none."""
    found = told.details.get(key)
    return day(date.fromisoformat(found)) if found else _("no date")


def added(told: Told) -> str:
    return format_html(_("Added the licence {licence}"), licence=told.name("subject"))


def changed(told: Told) -> str:
    return format_html(_("Changed the licence {licence}"), licence=told.name("subject"))


def covered(told: Told) -> str:
    words = _("Added {programme} to {licence}, through {date}")
    return format_html(words, programme=programme(told), licence=told.name("subject"), date=until(told))


def dated(told: Told) -> str:
    if told.details.get("was") == told.details.get("expires_on"):
        return format_html(
            _("Changed {programme} of {licence}"), programme=programme(told), licence=told.name("subject")
        )
    return format_html(
        _("Changed the expiry of {programme} of {licence} from {before} to {date}"),
        programme=programme(told),
        licence=told.name("subject"),
        before=until(told, "was"),
        date=until(told),
    )


def imported(told: Told) -> str:
    writes = int(told.details.get("new", 0)) + int(told.details.get("changed", 0))
    words = ngettext("Imported {count} line of {file}", "Imported {count} lines of {file}", writes)
    return format_html(words, count=number(writes), file=told.name("subject"))


def discarded(told: Told) -> str:
    return format_html(_("Discarded the import of {file}"), file=told.name("subject"))


LICENCES: dict[str, Phrase] = {
    "licence.added": added,
    "licence.changed": changed,
    "coverage.added": covered,
    "coverage.changed": dated,
    "licence.imported": imported,
    "licence.import_discarded": discarded,
}
