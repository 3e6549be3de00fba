"""Printing: words and figures in, PDF out."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renewals.documents.glyphs import shown

PRESS = Path(__file__).resolve().parent / "press.py"
PATIENCE = 40
OURS = frozenset({"drawing", "url"})


class Unprintable(Exception):
    """The press gave up: its own words follow."""


def printed(template: str, paper: Mapping[str, Any], *, dated_on: date) -> bytes:
    """The accessible PDF (PDF/UA-1) of `paper` in the language in use; markup in its words stays words.

    Everything of `paper` is text, or lists and mappings of text, flags and counts; `dated_on` is the document's day.
    Raises `Unprintable`.
    """
    words = {"language": (get_language() or "en").split("-")[0], **paper}
    midday = int(datetime.combine(dated_on, time(12), UTC).timestamp())
    order = {"template": f"{template}.typ", "paper": json.dumps(cleaned(words)), "stamp": midday}
    # An environment of nothing: the secrets of this process are none of the press's business.
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise Unprintable("The press was too slow") from slow
    if done.returncode:
        raise Unprintable(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def cleaned(value: Any) -> Any:
    """The same, with every text as the fonts can show it; drawings and addresses are ours, and stay as they are."""
    if isinstance(value, Mapping):
        return {key: each if key in OURS else cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(each) for each in value]
    return value if value is None or isinstance(value, bool | int) else shown(value)


def foot(text: str) -> dict[str, str]:
    """The line under every page; the press fills in the numbers."""
    return {"foot": text, "page-of": _("Page {page} of {pages}")}


def pair(label: str, value: object, *, strong: bool = False) -> dict[str, Any]:
    """One row of `pairs` in look.typ."""
    return {"label": label, "value": str(value), "strong": strong}


def column(label: str, *, wide: bool = False, numeric: bool = False) -> dict[str, Any]:
    """One head of `ledger` in look.typ; a wide column takes what room the others leave."""
    return {"label": label, "wide": wide, "numeric": numeric}


def cell(text: str, note: object = "", *, strong: bool = False) -> dict[str, Any]:
    """One cell of `ledger`, with a small line below it."""
    return {"text": text, "note": str(note), "strong": strong}
