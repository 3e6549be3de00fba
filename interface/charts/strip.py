"""Coverage on a line of time: one bar a coverage, one axis for all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from interface import dates
from interface.charts.span import Span, joined, month_add, percent

BAR = 10
CLEAR_OF_TODAY = 8
NARROWEST = 0.6
TONES = {"late": "bar-soft", "soon": "bar-soon", "": "bar-ok"}
Term = tuple[date, date]


@dataclass(frozen=True)
class Strip:
    """The window that all bars of a page share; `target` is a date they are brought to."""

    start: date
    end: date
    today: date
    target: date | None = None
    height: int = 44

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def axis(self, every: int = 3) -> SafeString:
        """Month names each `every` months, leaving room for today."""
        here = self.span.at(self.today)
        return format_html(
            '<svg class="chart" width="100%" height="22" aria-hidden="true">{}'
            '<text class="today-label" x="{}%" y="14" text-anchor="middle">{}</text></svg>',
            joined(_axis_labels(self.span, here=here, every=every)),
            percent(here),
            pgettext("chart", "Today"),
        )

    def bar(self, terms: Sequence[Term], *, new: Term | None = None, label: str | None = None) -> SafeString:
        """One coverage: bars where it is covered, hatching where not, a line for today.

        `terms` are in order, both days of each inclusive; `new` is a proposed one, from the day after its first.
        """
        marks = [self._rect("bar-base", 0, 100), *self._covered(terms), *self._gaps(terms)]
        if new:
            marks.append(self._rect("bar-new", self.span.at(new[0]), self.span.at(new[1])))
        if self.target:
            marks.append(self._line("target", self.target))
        return format_html(
            '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}">{}{}</svg>',
            self.height,
            label or self._words(terms),
            joined(marks),
            self._line("today", self.today),
        )

    def _covered(self, terms: Sequence[Term]) -> Iterator[SafeString]:
        current = TONES[dates.tone(terms[-1][1], today=self.today)]
        for start, end in terms:
            tone = current if end >= self.today else "bar-soft"
            yield self._rect(tone, self.span.at(start), self.span.at(end))

    def _gaps(self, terms: Sequence[Term]) -> Iterator[SafeString]:
        for (_, ended_on), (starts_on, _) in pairwise(terms):
            if (starts_on - ended_on).days > 1:
                yield self._gap(ended_on, starts_on)
        last = terms[-1][1]
        if last < self.today:
            yield self._gap(last, self.today)

    def _gap(self, start: date, end: date) -> SafeString:
        x = self.span.at(start)
        return self._rect("bar-gap", x, max(self.span.at(end), x + NARROWEST))

    def _rect(self, css: str, start: float, end: float) -> SafeString:
        return format_html(
            '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"{}/>',
            css,
            percent(start),
            self.height / 2 - BAR / 2,
            percent(max(end - start, 0)),
            BAR,
            "" if css == "bar-gap" else SafeString(' rx="2"'),
        )

    def _line(self, css: str, when: date) -> SafeString:
        return format_html(
            '<line class="{css}" x1="{x}%" x2="{x}%" y1="-2" y2="{y2}"/>',
            css=css,
            x=percent(self.span.at(when)),
            y2=self.height + 2,
        )

    def _words(self, terms: Sequence[Term]) -> str:
        covered = "; ".join(f"{dates.day(start)} – {dates.day(end)}" for start, end in terms)
        return f"{covered}, {dates.relative(terms[-1][1], today=self.today)}"


def _axis_labels(span: Span, *, here: float, every: int) -> Iterator[SafeString]:
    start = span.start.replace(day=1)
    months = (span.end.year - start.year) * 12 + span.end.month - start.month
    for index in range(0, months, every):
        first = month_add(start, index)
        x = span.at(first)
        is_clear = abs((x if index else CLEAR_OF_TODAY) - here) > CLEAR_OF_TODAY
        if is_clear and x < 95:
            yield format_html(
                '<text x="{}%" y="14"{}{}>{}</text>',
                percent(x),
                SafeString(' text-anchor="middle"' if index else ""),
                SafeString(' class="odd"' if index // every % 2 else ""),
                _axis_label(first, index=index, every=every),
            )


def _axis_label(first: date, *, index: int, every: int) -> str:
    name = dates.month_short(first)
    has_year = first.month == 1 or index == 0 or every > 3
    return f"{name} {first.year}" if has_year else name
