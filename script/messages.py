"""The command `script/messages`: from the strings in code and templates to the catalogues, without GNU gettext."""

import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "renewals", "licences", "advisors", "accounts", "interface")
CONTEXT = (1, "c")
KEYWORDS: Mapping[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": (CONTEXT, 2),
    "pgettext_lazy": (CONTEXT, 2),
    "npgettext": (CONTEXT, 2, 3),
    "npgettext_lazy": (CONTEXT, 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
# No dates, names or line numbers: the same strings make the same file.
HEADER = {
    "Project-Id-Version": "Coterm",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

Key = tuple[str, str]


@dataclass(frozen=True)
class Message:
    """A string as the source has it; `plural` is empty when it has none."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> Key:
        return self.context, self.text


def main(words: list[str]) -> int:
    settings.configure(USE_I18N=True)
    messages = collected()
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
    checking = "--check" in words
    faults = [fault for path in catalogues for fault in (check if checking else update)(path, messages)]
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{len(messages)} strings, all of them translated.")
    return 1 if faults and checking else 0


def collected() -> dict[Key, Message]:
    """Every string once; one that is asked for with and without plural has the plural."""
    found: dict[Key, Message] = {}
    for message in (*from_code(), *from_templates()):
        if message.plural or message.key not in found:
            found[message.key] = message
    return found


def from_code() -> Iterator[Message]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield from extracted(path.read_text(), path)


def from_templates() -> Iterator[Message]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        # Inside brackets Python takes any indentation, as templates have it.
        yield from extracted(f"(\n{templatize(path.read_text())}\n)", path)


def extracted(source: str, path: Path) -> Iterator[Message]:
    try:
        found = list(extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS))  # type: ignore[arg-type]
    except SyntaxError as error:
        sys.exit(f"Cannot read the strings of {path.relative_to(ROOT)}: {error}")
    for _line, text, _comments, context in found:
        singular, plural = text[:2] if isinstance(text, tuple) else (text, "")
        if singular:
            yield Message(singular, plural, context or "")


def update(path: Path, messages: Mapping[Key, Message]) -> list[str]:
    """Brings the catalogue up to date and compiles it; answers what still lacks a translation."""
    catalogue = renewed(path, messages)
    path.write_text(str(catalogue))
    compiled(path).write_bytes(catalogue.to_binary())
    return faults_of(path, catalogue)


def check(path: Path, messages: Mapping[Key, Message]) -> list[str]:
    """Answers what lacks a translation, and whether the files are as `update` would leave them."""
    catalogue = renewed(path, messages)
    faults = faults_of(path, catalogue)
    if path.read_text() != str(catalogue):
        faults.append(f"{path.relative_to(ROOT)} is stale: run script/messages.")
    if not compiled(path).exists() or compiled(path).read_bytes() != catalogue.to_binary():
        faults.append(f"{compiled(path).relative_to(ROOT)} is stale: run script/messages.")
    return faults


def renewed(path: Path, messages: Mapping[Key, Message]) -> polib.POFile:
    """The catalogue with exactly these strings, and the translations that it had of them."""
    before = {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path))}
    catalogue = polib.POFile()
    catalogue.metadata = HEADER | {"Language": path.parent.parent.name}
    for message in sorted(messages.values(), key=lambda each: (each.text, each.context)):
        catalogue.append(entry_of(message, before.get(message.key)))
    return catalogue


def entry_of(message: Message, before: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if "%" in message.text:
        entry.flags = ["python-format"]
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = (before.msgstr_plural if before else None) or {0: "", 1: ""}
    elif before:
        entry.msgstr = before.msgstr
    return entry


def faults_of(path: Path, catalogue: polib.POFile) -> list[str]:
    language = path.parent.parent.name
    lacking = [f"No {language}: {entry.msgid!r}" for entry in catalogue if not entry.translated()]
    differing = [
        f"Other placeholders in {language}: {entry.msgid!r} and {text!r}"
        for entry in catalogue
        for text in misplaced(entry)
    ]
    return lacking + differing


def misplaced(entry: polib.POEntry) -> Iterable[str]:
    """The translations that lack a placeholder or have one too many; a singular may do without its number."""
    if not entry.msgid_plural:
        return [entry.msgstr] if entry.msgstr and holes(entry.msgstr) != holes(entry.msgid) else []
    one, many = entry.msgstr_plural.get(0, ""), entry.msgstr_plural.get(1, "")
    wrong = [one] if not set(holes(one)) <= {*holes(entry.msgid), *holes(entry.msgid_plural)} else []
    return [*wrong, many] if many and holes(many) != holes(entry.msgid_plural) else wrong


def holes(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def compiled(path: Path) -> Path:
    return path.with_suffix(".mo")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
