"""The activity of what a customer owns, in words; and the names of what it owns."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import Phrase, Told
from accounts.rules import Actor, Kind
from interface.dates import day
from interface.money import number
from licences.models import PROGRAMMES, Assignment, ImportBatch, Licence, Product, Selection, TransferItem, Visibility
from licences.rules import Scope

MOST_LICENCES = 50


def licence_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    licences = Licence.objects.visible_to(actor).filter(pk__in=wanted).select_related("product")
    return {licence.pk: str(licence) for licence in licences}


def product_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    return dict(Product.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))


def batch_names(actor: Actor, wanted: set[UUID]) -> Mapping[UUID, str]:
    return dict(ImportBatch.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))


def subjects_found(actor: Actor, text: str) -> list[UUID]:
    """Licences by their product or number, or the one with this id; and the access and the transfers that reach them.

    A number is found by a part of it for its owner alone: others could spell it out.
    """
    number = Q(serial__icontains=text) if actor.kind is Kind.CUSTOMER else Q(serial__iexact=text)
    wanted = Q(pk=text) if is_id(text) else Q(product__name__icontains=text) | number
    licences = list(Licence.objects.visible_to(actor).filter(wanted).values_list("pk", flat=True)[:MOST_LICENCES])
    seen = Visibility.objects.visible_to(actor).filter(coverage__licence__in=licences)
    coverages, through = split(seen.values_list("coverage_id", "assignment_id"))
    moved = TransferItem.objects.visible_to(actor).filter(coverage__in=coverages).values_list("transfer_id", flat=True)
    reaching = granting(actor, coverages) if actor.kind is Kind.CUSTOMER else through
    return [*licences, *reaching, *moved]


def is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def split(pairs: Iterable[tuple[UUID, UUID | None]]) -> tuple[list[UUID], set[UUID]]:
    """Coverages, and the assignments that show them."""
    found = list(pairs)
    return [coverage for coverage, _ in found], {assignment for _, assignment in found if assignment}


def granting(actor: Actor, coverages: list[UUID]) -> list[UUID]:
    """The customer's assignments that reach one of the coverages, or did: by a tick, or with everything else."""
    ticked = Selection.objects.visible_to(actor).filter(coverage__in=coverages).values("assignment")
    reaching = Q(pk__in=ticked) | Q(scope=Scope.ALL.value)
    return list(Assignment.objects.visible_to(actor).filter(reaching).values_list("pk", flat=True)) if coverages else []


def programme(told: Told) -> str:
    code = told.details.get("programme", "")
    return str(PROGRAMMES.get(code, code))


def until(told: Told, key: str = "expires_on") -> str:
    """The last day that the details name, or that there is none."""
    found = told.details.get(key)
    return day(date.fromisoformat(found)) if found else _("no date")


def licence(told: Told) -> str:
    """By its name, for as long as it is there."""
    return told.name("subject", gone=_("(removed since)"))


def added(told: Told) -> str:
    return format_html(_("Added the licence {licence}"), licence=licence(told))


def changed(told: Told) -> str:
    return format_html(_("Changed the licence {licence}"), licence=licence(told))


def removed(told: Told) -> str:
    count = int(told.details.get("count", 0))
    words = ngettext(
        "Removed a licence of {product}, with {count} coverage",
        "Removed a licence of {product}, with {count} coverages",
        count,
    )
    return format_html(words, product=told.name("product"), count=number(count))


def covered(told: Told) -> str:
    words = _("Added {programme} to {licence}, through {date}")
    return format_html(words, programme=programme(told), licence=licence(told), date=until(told))


def dated(told: Told) -> str:
    if told.details.get("was") == told.details.get("expires_on"):
        return format_html(_("Changed {programme} of {licence}"), programme=programme(told), licence=licence(told))
    return format_html(
        _("Changed the expiry of {programme} of {licence} from {before} to {date}"),
        programme=programme(told),
        licence=licence(told),
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
    "licence.removed": removed,
    "coverage.added": covered,
    "coverage.changed": dated,
    "licence.imported": imported,
    "licence.import_discarded": discarded,
}
