"""What keeps a licence where it is, though it was entered by mistake."""

from collections.abc import Mapping
from enum import StrEnum


class Hold(StrEnum):
    """Others rely on it: it was quoted, bought, certified, or waits to be handed over."""

    QUOTED = "quoted"
    BOUGHT = "bought"
    CERTIFIED = "certified"
    PROPOSED = "proposed"


Holds = Mapping[Hold, int]
"""How many quotes, bought terms, certificates and waiting transfers there are; none that is zero."""


class Held(Exception):
    """The licence stays: `holds` says why."""

    def __init__(self, holds: Holds) -> None:
        super().__init__(", ".join(holds))
        self.holds = holds
