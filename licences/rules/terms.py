"""How a change of a coverage's dates is written into its history of terms."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A bought stretch, both days inclusive."""

    starts_on: date
    ends_on: date


def opens_term(last: Span | None, *, starts_on: date | None, ends_on: date) -> bool:
    """Whether the dates belong to a new term; otherwise they correct the last one.

    A later end is a new term, unless the start that is said with it lies within the last.
    """
    if last is None:
        return True
    return ends_on > last.ends_on and (starts_on is None or starts_on > last.ends_on)


def next_term(last: Span | None, *, starts_on: date | None, ends_on: date, known_from: date) -> Span:
    """The term that `opens_term` found, or the last one corrected.

    `known_from` is the day from which cover is known when neither a start nor an earlier term says so.
    """
    if starts_on is None:
        if last is None:
            starts_on = known_from
        elif opens_term(last, starts_on=None, ends_on=ends_on):
            starts_on = last.ends_on + timedelta(1)
        else:
            starts_on = last.starts_on
    return Span(min(starts_on, ends_on), ends_on)
