"""The two layouts that can be imported, and which of them a header is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licences.imports.unreadable import UnreadableFile
from licences.rules.imports import FormatName


@dataclass(frozen=True, slots=True)
class Format:
    """Which of a file's columns feed which field, how it writes dates, and which columns go along into the note."""

    name: FormatName
    columns: Mapping[str, str]  # normalised title → field
    required: tuple[str, ...]  # titles
    noted: tuple[str, ...] = ()  # normalised titles
    month_first: bool = False

    def missing(self, header: tuple[str, ...]) -> list[str]:
        titles = {normalised(title) for title in header}
        return [title for title in self.required if normalised(title) not in titles]

    def ignored(self, header: tuple[str, ...]) -> list[str]:
        """Titles of the columns that nothing is read from, as the file writes them."""
        return [title for title in header if title and normalised(title) not in {*self.columns, *self.noted}]


COTERM = Format(
    name=FormatName.COTERM,
    columns={
        title: title.replace(" ", "_")
        for title in (
            "product", "programme", "serial", "quantity", "starts on", "expires on",
            "bought on", "order number", "supplier", "note",
        )
    } | {"licence": "reference"},
    required=("product", "expires_on"),
)  # fmt: skip

SNIPE_IT = Format(
    name=FormatName.SNIPE_IT,
    columns={
        "item name": "product",
        "serial number": "serial",
        "category": "category",
        "purchase date": "bought_on",
        "order number": "order_number",
        "expiration date": "expires_on",
        "seats": "quantity",
        "supplier": "supplier",
        "manufacturer": "manufacturer",
        "notes": "note",
    },
    required=("Item name", "expiration date", "seats"),
    noted=("company", "purchase order"),
    month_first=True,
)

FORMATS = (COTERM, SNIPE_IT)


def recognise(header: tuple[str, ...], wanted: FormatName = FormatName.AUTO) -> Format:
    """The format of this header; raises UnreadableFile naming what is missing or doubled."""
    candidates = [kind for kind in FORMATS if wanted in (FormatName.AUTO, kind.name)]
    best = min(candidates, key=lambda kind: (len(kind.missing(header)) / len(kind.required), -_shared(kind, header)))
    missing = best.missing(header)
    if missing:
        raise _incomplete(header, missing, known=len(missing) < len(best.required) or wanted != FormatName.AUTO)
    _refuse_doubles(best, header)
    return best


def normalised(title: str) -> str:
    return " ".join(title.replace("_", " ").replace("-", " ").casefold().split())


def _shared(kind: Format, header: tuple[str, ...]) -> int:
    return len({normalised(title) for title in header} & {*kind.columns, *kind.noted})


def _incomplete(header: tuple[str, ...], missing: list[str], *, known: bool) -> UnreadableFile:
    if known:
        message = ngettext(
            "The file lacks the column %(missing)s. Its first line must name the columns. It has: %(header)s.",
            "The file lacks the columns %(missing)s. Its first line must name the columns. It has: %(header)s.",
            len(missing),
        )
    else:
        message = _(
            "The first line names no columns that we know. Our own layout needs %(missing)s; "
            "the licences of Snipe-IT are recognised by “Item name”. The file has: %(header)s."
        )
    found = ", ".join(title[:40] for title in header[:20] if title)
    return UnreadableFile(message % {"missing": ", ".join(f"“{title}”" for title in missing), "header": found})


def _refuse_doubles(kind: Format, header: tuple[str, ...]) -> None:
    titles = [normalised(title) for title in header]
    for place, title in enumerate(titles):
        if title in titles[:place] and (title in kind.columns or title in kind.noted):
            raise UnreadableFile(_("The column “%(column)s” is there twice. Remove one of them.") % {"column": title})
