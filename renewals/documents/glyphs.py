"""Text as the fonts can show it: nothing else may reach the press, for a document without a glyph is not accessible."""

import re
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
LONGEST = 4000
BLANK = "\N{WHITE SQUARE}"
JOINERS = "\u200c\u200d"  # Persian and Indian scripts are spelt with them.
RUN = re.compile(r"[^\s\u200b]{32}(?=[^\s\u200b])")
BREAK = "\N{ZERO WIDTH SPACE}"


def shown(text: object, *, longest: int = LONGEST) -> str:
    """`text` with what no font has as □, without controls (those that turn the direction round among them), and cut.

    Very long words get places where a line may break.
    """
    clean = strange().sub(BLANK, controls().sub("", str(text).replace("\r\n", "\n")))
    cut = clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"
    return RUN.sub(lambda found: found[0] + BREAK, cut)


@cache
def strange() -> re.Pattern[str]:
    """Whatever is in none of the fonts: fonts/glyphs.txt lists what is, as ranges of code points in hexadecimal."""
    ranges = (line.split() for line in (FONTS / "glyphs.txt").read_text().splitlines())
    known = "".join(f"\\U{int(first, 16):08x}-\\U{int(last, 16):08x}" for first, last in ranges)
    return re.compile(f"[^\n{JOINERS}{known}]")


@cache
def controls() -> re.Pattern[str]:
    """Characters that are not seen: controls but for the end of a line, marks of direction, variants, soft hyphens."""
    return re.compile(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
    )
