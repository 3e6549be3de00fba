"""A window of time, and the pieces that every chart is written with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Span:
    """A window of time that turns dates into percentages of its width."""

    start: date
    end: date

    def at(self, when: date) -> float:
        share = (when - self.start).days / max((self.end - self.start).days, 1)
        return max(0.0, min(100.0, share * 100))


def month_add(first: date, months: int) -> date:
    """The first of the month, `months` later."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def percent(value: float) -> str:
    return f"{value:.2f}"


def joined(parts: Iterable[SafeString | str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
