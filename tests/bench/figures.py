"""A figure, the floor that it stands on, and the goal for their ratio."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`value` and `floor` in the same `unit`; the goal is a highest ratio, or a lowest where more is better."""

    name: str
    value: float
    floor: float
    unit: str
    goal: float
    more_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else float("inf")

    @property
    def met(self) -> bool:
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal

    def as_row(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def interleaved(one: Callable[[], object], other: Callable[[], object], *, times: int) -> tuple[float, float]:
    """The medians of both in ms, taken in turns, so that whatever else the machine does meets both."""
    pairs = [(milliseconds(one), milliseconds(other)) for _ in range(times)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
