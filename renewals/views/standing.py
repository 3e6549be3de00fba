"""How a version of a price schedule stands on a day."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licences.models import PROGRAMMES
from renewals.models import PriceSchedule

STATES = {
    "draft": ("draft", _("Draft")),
    "future": ("pending", _("To come")),
    "now": ("active", _("In force")),
    "past": ("ended", _("Past")),
    "replaced": ("withdrawn", _("Replaced")),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A version with its state in words; `icon` is one of the interface's states."""

    schedule: PriceSchedule
    programme: str | Promise
    state: str
    icon: str
    label: str | Promise


def standing(version: PriceSchedule, today: date) -> Standing:
    state = _state(version, today)
    icon, label = STATES[state]
    return Standing(version, PROGRAMMES[version.programme], state, icon, label)


def _state(version: PriceSchedule, today: date) -> str:
    if version.state == "draft" or version.valid_from is None:
        return "draft"
    if version.state == "replaced":
        return "replaced"
    if version.valid_from > today:
        return "future"
    return "past" if version.valid_to and version.valid_to < today else "now"
