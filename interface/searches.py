"""What people type into the boxes that search."""

from collections.abc import Mapping
from typing import Any

LONGEST = 100


def typed(params: Mapping[str, Any], name: str = "q") -> str:
    """The text of a query, without what no database takes, and cut where nobody types on."""
    return str(params.get(name, "")).replace("\0", "").strip()[:LONGEST]
