"""Documents: accessible, the same bytes for the same facts, and never more than text from what others wrote."""

from datetime import date
from io import BytesIO

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from renewals.documents import printing
from renewals.documents.glyphs import shown
from renewals.documents.printing import Unprintable, foot, pair, printed

DAY = date(2026, 11, 22)
HOSTILE = (
    '#read("/etc/passwd")',
    "*bold* _it_ $x^2$ `raw` <label> @ref",
    "#import sys: inputs; #sys.inputs",
    "\"]; #panic('x') //",
    "O'Brien & Söhne — «ñandú» ŁÓDŹ",
    "株式会社 漢字 한국 Ωμέγα Привет ไทย",
)


def paper(value="Larkfield", **more):
    check = {"title": "t", "text": "t", "url": "https://x.example/verify/1", "alt": "code", "hash": "0"}
    check |= {"hash-label": "h", "drawing": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'}
    frame = {"title": "Renewal certificate", "subtitle": value, "reference": "RC-1", "issuer": "P", **foot("f")}
    table = {"rows": [], "rows-title": "Rows", "columns": []}
    return frame | table | {"statement": value, "facts": [pair("Customer", value)], "check": check} | more


def reader(**given):
    return PdfReader(BytesIO(printed("certificate", paper(**given), dated_on=DAY)))


def text_of(pdf):
    return " ".join(" ".join(each.extract_text() for each in pdf.pages).replace("\u200b", "").split())


@pytest.mark.parametrize("value", HOSTILE)
def test_what_others_wrote_stays_words(value):
    assert value in text_of(reader(value=value))


@pytest.mark.parametrize("value", ["x" * 10_000, "\x00\x07\u202egnp.exe", "👩‍👩‍👧 🚀 e\u0301\u20dd", "שלום سلام", " "])
def test_nothing_breaks_the_press(value):
    assert 1 <= len(reader(value=value).pages) < 8


def test_a_document_is_tagged_and_says_its_language_and_title():
    with override("es"):
        catalog = reader().trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert (catalog["/Lang"], catalog["/ViewerPreferences"]["/DisplayDocTitle"]) == ("es", True)
    assert "pdfuaid" in catalog["/Metadata"].get_object().get_data().decode()


def test_the_same_facts_give_the_same_bytes():
    assert printed("certificate", paper(), dated_on=DAY) == printed("certificate", paper(), dated_on=DAY)


def test_a_long_table_repeats_its_head_and_numbers_its_pages():
    columns = [
        {"label": "Product", "wide": True, "numeric": False},
        {"label": "Quantity", "wide": False, "numeric": True},
    ]
    rows = [[{"text": f"Gateway {n}", "note": "Subscription Advantage"}, str(n)] for n in range(60)]
    pages = [each.extract_text() for each in reader(rows=rows, columns=columns).pages]
    assert len(pages) > 2 and all("Quantity" in each for each in pages[:-1])
    assert f"Page 2 of {len(pages)}" in pages[1]


def test_what_no_font_has_is_shown_as_a_box_and_long_words_may_break():
    assert shown("a\u202eb\U0001f9ff") == "ab□"
    assert "\u200b" in shown("x" * 40) and len(shown("y" * 9000, longest=100)) <= 105


def test_a_press_that_fails_or_hangs_says_so(monkeypatch):
    with pytest.raises(Unprintable):
        printed("nothing", paper(), dated_on=DAY)
    monkeypatch.setattr(printing, "PATIENCE", 0.001)
    with pytest.raises(Unprintable):
        printed("certificate", paper(), dated_on=DAY)


def test_the_press_knows_nothing_of_our_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "canary-of-the-environment")
    spy = tmp_path / "press.py"
    spy.write_text("import os, sys\nsys.stdout.write(repr(dict(os.environ)))")
    monkeypatch.setattr(printing, "PRESS", spy)
    assert b"canary" not in printed("certificate", paper(), dated_on=DAY)
