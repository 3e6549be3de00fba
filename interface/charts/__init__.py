"""Charts as plain SVG: geometry in attributes, colour in the stylesheet, words for everyone."""

from interface.charts.bars import door_art, meter
from interface.charts.span import Span, month_add
from interface.charts.strip import Strip
from interface.charts.timeline import Column, timeline

__all__ = ["Column", "Span", "Strip", "door_art", "meter", "month_add", "timeline"]
