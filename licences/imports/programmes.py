"""How files name the four programmes, in both languages."""

from licences.imports.formats import normalised

DEFAULT_PROGRAMME = "subscription_advantage"

NAMES = {
    "subscription_advantage": ("subscription advantage", "sa", "maintenance", "software maintenance"),
    "appliance_maintenance": ("appliance maintenance", "mantenimiento de dispositivos"),
    "hardware_warranty": ("hardware warranty", "warranty", "garantía de hardware"),
    "access_subscription": ("access subscription", "subscription", "suscripción de acceso"),
}
PROGRAMME_OF = {name: programme for programme, names in NAMES.items() for name in names}


def named_programme(cell: str) -> str:
    """The programme that a cell names, "" when it names none."""
    return PROGRAMME_OF.get(normalised(cell), "")
