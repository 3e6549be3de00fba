"""Tiers and the rules of the directory search."""

from enum import StrEnum


class Tier(StrEnum):
    """A partner tier; CIRCLE is by invitation only (1-product, "Tier")."""

    REGISTERED = "registered"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    CIRCLE = "circle"
