"""The collector of strings finds what is translatable, and tells a good translation from a broken one."""

from pathlib import Path

import polib
import pytest

from script.messages import Message, check, extracted, misplaced, templatize, update

NOWHERE = Path(__file__)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('_("Lapsed")', Message("Lapsed")),
        ('gettext_lazy("Lapsed")', Message("Lapsed")),
        ('pgettext("a level", "View")', Message("View", "", "a level")),
        ('ngettext("%(n)s day", "%(n)s days", n)', Message("%(n)s day", "%(n)s days")),
    ],
)
def test_code_is_read(source, message):
    assert list(extracted(source, NOWHERE)) == [message]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('<p>\n    {% translate "It\'s here" %}\n  </p>', Message("It's here")),
        ("{% blocktranslate trimmed %}\n  From {{ name }}\n{% endblocktranslate %}", Message("From %(name)s")),
        ('{% translate "View" context "a level" %}', Message("View", "", "a level")),
        ('{% include "part.html" with text=_("Give access") only %}', Message("Give access")),
        (
            "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            Message("%(n)s day", "%(n)s days"),
        ),
    ],
)
def test_templates_are_read(template, message):
    assert list(extracted(f"(\n{templatize(template)}\n)", NOWHERE)) == [message]


def test_a_translation_must_keep_the_placeholders():
    assert misplaced(polib.POEntry(msgid="From %(name)s", msgstr="De %(nombre)s")) == ["De %(nombre)s"]
    assert misplaced(polib.POEntry(msgid="From %(name)s", msgstr="De %(name)s")) == []


def test_a_singular_may_do_without_its_number():
    entry = polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "un día", 1: "%(n)s días"})
    assert misplaced(entry) == []


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr("script.messages.ROOT", tmp_path)
    path = tmp_path / "locale/es/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Owner"\nmsgstr "Propietario"\n\nmsgid "Gone"\nmsgstr "Ido"\n')
    return path


def test_an_update_keeps_translations_and_drops_what_is_gone(catalogue):
    assert update(catalogue, {("", "Owner"): Message("Owner")}) == []
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(catalogue))] == [("Owner", "Propietario")]
    assert check(catalogue, {("", "Owner"): Message("Owner")}) == []


def test_a_check_names_what_is_missing_and_what_is_stale(catalogue):
    faults = check(catalogue, {("", "New"): Message("New")})
    assert faults[0] == "No es: 'New'"
    assert [fault.split(" is ")[1] for fault in faults[1:]] == ["stale: run script/messages."] * 2
