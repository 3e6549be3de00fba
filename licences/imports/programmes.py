"""How files name the four programmes, in both languages."""

from licences.imports.formats import normalised
from licences.rules import Programme

NAMES: dict[Programme, tuple[str, ...]] = {
    Programme.SUBSCRIPTION_ADVANTAGE: ("sa", "subscription advantage", "software maintenance"),
    Programme.APPLIANCE_MAINTENANCE: ("am", "appliance maintenance", "mantenimiento de dispositivos"),
    Programme.HARDWARE_WARRANTY: ("hw", "hardware warranty", "warranty", "garantía de hardware"),
    Programme.ACCESS_SUBSCRIPTION: ("ac", "access subscription", "suscripción de acceso"),
}
PROGRAMME_OF = {name: programme for programme, names in NAMES.items() for name in names}


def named_programme(cell: str) -> Programme | None:
    """The programme that a cell names, None when it names none."""
    return PROGRAMME_OF.get(normalised(cell))
