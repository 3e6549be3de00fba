"""What an advisor sees of a serial or licence number: never the whole of it (1-product, "Access")."""

DOTS = "••••"
SHOWN = 4
SHORTEST = 8


def masked(serial: str) -> str:
    """The last four characters behind dots; of a number shorter than eight nothing but the dots."""
    if not serial:
        return ""
    return f"{DOTS}{serial[-SHOWN:]}" if len(serial) >= SHORTEST else DOTS
