"""Coverages by month of expiry, as stacked columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from interface import dates
from interface.charts.span import joined, month_add, percent

AXIS_ROOM = 26
PIPELINE_DAYS = 90


@dataclass(frozen=True)
class Column:
    """One month of a timeline: the coverages that expire in it, by state; `url` lists them.

    `quoted` holds all that somebody has taken in hand: what is in a quote, or will not be renewed.
    """

    first: date
    renewed: int
    quoted: int
    open: int
    lapsed: int
    url: str

    @property
    def total(self) -> int:
        return self.renewed + self.quoted + self.open + self.lapsed


@dataclass(frozen=True)
class Frame:
    """Where a timeline's columns stand: percent a month, pixels a coverage, the axis's height."""

    step: float
    scale: float
    floor: int
    today: date


def timeline(columns: Sequence[Column], *, today: date, height: int = 176) -> SafeString:
    """Stacked columns, one a month, each a link to its own list."""
    floor = height - AXIS_ROOM
    top = max((column.total for column in columns), default=0) * 1.12 or 1
    frame = Frame(100 / max(len(columns), 1), (floor - 14) / top, floor, today)
    return format_html(
        '<svg class="chart" height="{}" role="group" aria-label="{}">'
        '<line class="axis" x1="0" x2="100%" y1="{}" y2="{}"/>{}</svg>',
        height,
        gettext("Coverages by month of expiry"),
        floor,
        floor,
        joined(_month(column, index, frame) for index, column in enumerate(columns)),
    )


def _month(column: Column, index: int, frame: Frame) -> SafeString:
    left, middle = frame.step * index, frame.step * (index + 0.5)
    return format_html(
        '<a href="{}"><title>{}</title>'
        '<rect class="hit" x="{}%" y="0" width="{}%" height="{}" rx="4"/>{}</a>'
        '<text{} x="{}%" y="{}" text-anchor="middle" aria-hidden="true">{}</text>{}',
        column.url,
        _sentence(column),
        percent(left),
        percent(frame.step),
        frame.floor + AXIS_ROOM - 2,
        joined(_stack(column, index, frame)),
        "" if index % 3 == 0 else SafeString(' class="minor"'),
        percent(middle),
        frame.floor + 16,
        _month_label(column.first),
        _today_in(column.first, left, frame),
    )


def _stack(column: Column, index: int, frame: Frame) -> Iterator[SafeString]:
    is_due = (column.first - frame.today).days <= PIPELINE_DAYS
    parts = (
        (column.renewed, "bar-ok"),
        (column.quoted, "bar-hatch"),
        (column.open, "bar-soon" if is_due else "bar-soft"),
        (column.lapsed, "bar-late"),
    )
    y = float(frame.floor)
    for value, css in parts:
        if value:
            y -= value * frame.scale
            yield _block(css, y, height=value * frame.scale, left=index + 0.2, frame=frame)
    if column.total:
        yield _total(column.total, index, y, frame)


def _total(count: int, index: int, y: float, frame: Frame) -> SafeString:
    return format_html(
        '<text class="total minor" x="{}%" y="{}" text-anchor="middle" aria-hidden="true">{}</text>',
        percent(frame.step * (index + 0.5)),
        _pixels(y - 5),
        count,
    )


def _block(css: str, y: float, *, height: float, left: float, frame: Frame) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" rx="1"/>',
        css,
        percent(frame.step * left),
        _pixels(y),
        percent(frame.step * 0.6),
        _pixels(max(height - 1, 1)),
    )


def _sentence(column: Column) -> str:
    total = ngettext("%(count)s coverage", "%(count)s coverages", column.total) % {"count": column.total}
    month, parts = dates.month(column.first), ", ".join(_parts(column))
    return f"{month}: {total}. {parts}" if parts else f"{month}: {total}"


def _parts(column: Column) -> Iterator[str]:
    """What the month consists of; what there is none of is left out."""
    words = (
        (column.renewed, ngettext("%(count)s renewed", "%(count)s renewed", column.renewed)),
        (column.quoted, ngettext("%(count)s in hand", "%(count)s in hand", column.quoted)),
        (column.open, ngettext("%(count)s not started", "%(count)s not started", column.open)),
        (column.lapsed, ngettext("%(count)s lapsed", "%(count)s lapsed", column.lapsed)),
    )
    return (text % {"count": count} for count, text in words if count)


def _month_label(first: date) -> str:
    name = dates.month_short(first)
    return f"{name} ’{first.year % 100:02}" if first.month == 1 else name


def _today_in(first: date, left: float, frame: Frame) -> SafeString | str:
    if (first.year, first.month) != (frame.today.year, frame.today.month):
        return ""
    days = (month_add(first, 1) - first).days
    x = percent(left + frame.step * (frame.today.day - 1) / days)
    return format_html(
        '<line class="today" x1="{x}%" x2="{x}%" y1="2" y2="{floor}"/>'
        '<text class="today-label" x="{x}%" dx="6" y="12">{word}</text>',
        x=x,
        floor=frame.floor,
        word=pgettext("chart", "Today"),
    )


def _pixels(value: float) -> str:
    return f"{value:.1f}"
