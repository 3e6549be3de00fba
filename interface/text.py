"""What people may type: text that shows as it is, without characters that hide or turn other text around."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LAYOUT = frozenset("\n\r\t")
# Joiners (U+200C, U+200D) belong to scripts and emoji, and stay.
HIDDEN = frozenset("\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\ufeff") | {
    chr(code) for first, last in ((0x202A, 0x202E), (0x2060, 0x206F)) for code in range(first, last + 1)
}
REFUSED = _("This holds invisible characters, or such as turn the direction of writing. Type it anew.")


def typed_on_one_line(widget: Any, data: Any, files: Any, name: str) -> Any:
    """What a field of one line was given, on one line, as browsers see to it themselves; others may send breaks,
    which would become lines of their own in a mail or a document.
    """
    value = data.get(name)
    return " ".join(value.splitlines()) if isinstance(value, str) else value


def hides_something(text: str) -> bool:
    """Whether a text holds control characters, lone surrogates, or characters that reverse or hide text."""
    return any(
        character in HIDDEN or (character not in LAYOUT and unicodedata.category(character) in ("Cc", "Cs"))
        for character in text
    )


def shows_plainly(value: object) -> None:
    """A validator of every text field; raises `ValidationError`."""
    if hides_something(str(value)):
        raise ValidationError(REFUSED, code="invisible")
