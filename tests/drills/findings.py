"""What a drill has found: counts, and the promises that were broken."""

from dataclasses import asdict, dataclass, field
from typing import Any

from tests.drills.sink import Sink


@dataclass
class Finding:
    """`silence` is the longest time in seconds that no mail came while there was mail to send."""

    rows: int
    lost: int = 0
    duplicates: int = 0
    silence: float = 0.0
    note: str = ""
    broken: list[str] = field(default_factory=list)

    def promise(self, kept: bool, otherwise: str) -> None:
        if not kept:
            self.broken.append(otherwise)

    def as_row(self) -> dict[str, Any]:
        return {**asdict(self), "kept": not self.broken}


def counted(rows: int, sink: Sink, *, duplicates: int, dead: int = 0, since: float = 0.0) -> Finding:
    """Every row has arrived, no more than `duplicates` twice, and whatever came twice was the same to the byte."""
    lost = rows - dead - len(sink.arrived)
    finding = Finding(rows, lost, sink.duplicates, sink.longest_silence(since))
    finding.promise(lost == 0, f"{lost} of {rows} lost")
    finding.promise(sink.duplicates <= duplicates, f"{sink.duplicates} duplicates, promised at most {duplicates}")
    finding.promise(sink.altered == 0, f"{sink.altered} duplicates differ from the first")
    return finding


def settled(finding: Finding, states: dict[str, int], expected: dict[str, int]) -> Finding:
    """The outbox says the same as the mail server."""
    finding.promise(states == expected, f"the outbox says {states}, expected {expected}")
    return finding
