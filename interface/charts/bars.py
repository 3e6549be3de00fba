"""Bars without dates: a meter, and the picture beside the sign-in form."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from interface.charts.span import joined

DOOR_BARS = ((4, 30), (22, 18), (0, 52), (34, 22), (12, 34), (26, 12), (8, 46))
DOOR_UNIT = 6
DOOR_LINE = 517


def meter(share: float, tone: str = "bar-ok") -> SafeString:
    """How much of a whole, in percent."""
    return format_html(
        '<svg aria-hidden="true"><rect class="bar-base" width="100%" height="6" rx="3"/>'
        '<rect class="{}" width="{}%" height="6" rx="3"/></svg>',
        tone,
        f"{max(0.0, min(100.0, share)):.1f}",
    )


def door_art() -> SafeString:
    """Many bars that reach one line: what the product does, without words."""
    return format_html(
        '<svg class="chart" viewBox="0 0 640 300" preserveAspectRatio="xMinYMid meet">{}'
        '<rect x="526" y="0" width="4" height="300" rx="2" fill="currentColor"/></svg>',
        joined(_door_bar(index, x, width) for index, (x, width) in enumerate(DOOR_BARS)),
    )


def _door_bar(index: int, x: int, width: int) -> SafeString:
    end = (x + width) * DOOR_UNIT
    return format_html(
        '<rect class="bar-ok" x="{x}" y="{y}" width="{width}" height="14" rx="2"/>'
        '<rect class="bar-hatch" x="{rest}" y="{y}" width="{left}" height="14" rx="2"/>',
        x=x * DOOR_UNIT,
        y=14 + index * 40,
        width=width * DOOR_UNIT,
        rest=end + 3,
        left=DOOR_LINE - end,
    )
