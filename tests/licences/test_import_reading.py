"""Bytes of every kind to a table of text, or one clear answer."""

import datetime as dt
import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from licences.imports import packages, tables
from licences.imports.reading import read_table
from licences.imports.unreadable import UnreadableFile
from tests.licences.made_files import csv_bytes, xlsx_bytes, zip_bytes

HEADER = ["product", "note", "expires_on"]
SHEET = "xl/worksheets/sheet1.xml"


def rows_of(content, name="licences.csv"):
    table = read_table(content, name)
    return [table.header, *((row.number, row.cells) for row in table.rows)]


def answer_to(content, name="licences.csv"):
    with pytest.raises(UnreadableFile) as refused:
        rows_of(content, name)
    return str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_separator_and_encoding_reads_alike(separator, encoding):
    content = csv_bytes([HEADER, ["Búho 3", "a,b;c\td", "2027-01-31"]], encoding=encoding, separator=separator)
    assert rows_of(content) == [("product", "note", "expires_on"), (2, ("Búho 3", "a,b;c\td", "2027-01-31"))]


def test_line_numbers_are_those_of_the_file():
    content = b'product,note\r\nA,"one\r\ntwo\r\nthree"\r\n\r\n,\r\nB,\r\n'
    assert rows_of(content)[1:] == [(2, ("A", "one\r\ntwo\r\nthree")), (7, ("B", ""))]


def test_the_separator_line_of_excel_is_obeyed_and_counted():
    assert rows_of(b"sep=;\r\nproduct;note\r\nA,1;b\r\n") == [("product", "note"), (3, ("A,1", "b"))]


def test_blank_lines_before_the_header_are_skipped():
    assert rows_of(b"\n\nproduct\nA\n") == [("product",), (4, ("A",))]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=3, max_size=3),
        max_size=5,
    )
)
def test_any_text_survives_the_journey_through_a_file(cells):
    written = [tuple(row) for row in cells if any(cell.strip() for cell in row)]
    read = rows_of(csv_bytes([HEADER, *cells]))[1:]
    assert [row for _, row in read] == written


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "empty"),
        ("product\nBúho\n".encode("cp1252"), "line 2 holds a character in another encoding"),
        ("product\nBúho\n".encode("utf-16-le"), "not a text file"),
        (b"\xff\xfep\0r", "damaged"),
        (b'product\nA\n"B\nC\n', "quotes on line 3"),
        (b'product,note\n"A"b,c\n', "quotes on line 2"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file"),
        (b"product\n" + b"x" * 40_000, "longer than 32767"),
        (b"product\n" + b"x," * 200 + b"x", "more than 100 columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_clear_answer(content, said):
    assert said in answer_to(content)


def test_text_named_as_a_workbook_is_told_so():
    assert "named as an Excel workbook" in answer_to(b"product\nA\n", "licences.xlsx")


def test_the_last_row_that_fits_is_read_and_the_next_refused():
    fits = b"product\n" + b"A\n" * tables.MAX_ROWS
    assert len(rows_of(fits)) == tables.MAX_ROWS + 1
    assert "more than 50,000 lines" in answer_to(fits + b"A\n")


def test_a_file_beyond_the_size_limit_is_refused(monkeypatch):
    monkeypatch.setattr("licences.imports.reading.MAX_BYTES", 1024**2)
    assert "larger than 1 MB" in answer_to(b"product\n" + b"A\n" * 600_000)


def test_a_workbook_gives_canonical_text_from_its_first_sheet():
    half_past_nine = dt.datetime(2027, 1, 31, 9, 30)  # noqa: DTZ001  a spreadsheet knows no zones
    rows = [
        ["product", "n", "d", "t", "b"],
        ["Búho", 50, dt.date(2027, 1, 31), half_past_nine, True],
        [],
        ["x", 1234.5, 10**14, 0.1, ""],
    ]
    assert rows_of(xlsx_bytes(rows, [["other"]]), "a.xlsx") == [
        ("product", "n", "d", "t", "b"),
        (2, ("Búho", "50", "2027-01-31", "2027-01-31 09:30:00", "yes")),
        (4, ("x", "1234.5", "100000000000000", "0.1", "")),
    ]


def test_a_workbook_is_recognised_by_its_bytes_whatever_its_name():
    assert rows_of(xlsx_bytes([["product"], ["A"]]), "licences.csv") == [("product",), (2, ("A",))]


def test_row_numbers_count_from_the_top_of_the_sheet():
    assert rows_of(xlsx_bytes([[], [], ["product"], ["A"]]))[1] == (4, ("A",))


def with_sheet(sheet: bytes, name: str = SHEET) -> bytes:
    """A sound workbook whose sheet is another."""
    sound = zipfile.ZipFile(io.BytesIO(xlsx_bytes([["product"]])))
    parts = {part: sound.read(part) for part in sound.namelist()}
    if name != SHEET:
        rels = "xl/_rels/workbook.xml.rels"
        parts[rels] = parts[rels].replace(b"worksheets/sheet1.xml", name.removeprefix("xl/").encode())
    return zip_bytes(parts | {name: sheet})


def sheet_with(cells: bytes) -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b"<worksheet " + space + b'><sheetData><row r="1">' + cells + b"</row></sheetData></worksheet>"


@pytest.mark.parametrize("cell", ["XFD1", "A1048576", "CW2"])
def test_a_cell_far_out_is_refused_before_the_sheet_is_laid_out(cell):
    content = with_sheet(sheet_with(f'<c r="A1"><v>1</v></c><c r="{cell}"><v>1</v></c>'.encode()))
    assert f"The cell {cell} lies too far out" in answer_to(content)


def test_a_styled_but_empty_cell_far_out_does_no_harm():
    content = with_sheet(sheet_with(b'<c r="A1" t="inlineStr"><is><t>product</t></is></c><c r="XFD1048576" s="0"/>'))
    assert rows_of(content) == [("product",)]


@pytest.mark.parametrize("name", [SHEET, "xl/media/picture.png"])
def test_a_sheet_that_cannot_be_followed_to_its_end_is_refused(name):
    cells = b'<c r="A1"><v>1</v></c></wrong><c r="XFD1048576"><v>1</v></c>'
    assert "damaged" in answer_to(with_sheet(sheet_with(cells), name))


def test_entities_are_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert "not an Excel workbook" in answer_to(with_sheet(bomb))


def test_a_zip_bomb_is_refused_by_what_it_declares():
    bomb = with_sheet(b" " * 30_000_000)
    assert len(bomb) < 100_000
    assert "far more than its size" in answer_to(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_without_unpacking_it():
    bomb = with_sheet(b" " * 30_000_000).replace((30_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    tracemalloc.start()
    assert "damaged" in answer_to(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_what_is_unpacked_counts_whatever_was_declared(monkeypatch):
    monkeypatch.setattr(packages, "_check_directory", lambda package: None)
    monkeypatch.setattr(packages, "MAX_UNPACKED", 1_000_000)
    assert "far more than its size" in answer_to(with_sheet(b" " * 3_000_000))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zip_bytes({"readme.txt": b"hello"}), "not an Excel workbook"),
        (xlsx_bytes([["product"]])[:-200], "damaged"),
        (b"PK\x03\x04" + b"nonsense" * 50, "damaged"),
        (zip_bytes({"xl/workbook.xml": b"<workbook/>"}), "damaged"),
        (xlsx_bytes([]), "empty"),
    ],
)
def test_a_broken_workbook_gets_one_clear_answer(content, said):
    assert said in answer_to(content, "a.xlsx")


def test_a_part_behind_a_password_is_told_so():
    content = bytearray(xlsx_bytes([["product"]]))
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    assert "password" in answer_to(bytes(content))


def test_a_sheet_that_is_hidden_is_passed_over():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().hide()
        book.add_worksheet().write_row(0, 0, ["product"])
        book.worksheets()[1].activate()
    assert rows_of(stream.getvalue()) == [("product",)]


def test_a_workbook_without_a_sheet_to_see_is_told_so():
    sound = zipfile.ZipFile(io.BytesIO(xlsx_bytes([["product"]])))
    parts = {part: sound.read(part) for part in sound.namelist()}
    book = parts["xl/workbook.xml"].replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
    assert "no visible sheet" in answer_to(zip_bytes(parts | {"xl/workbook.xml": book}))


def test_a_large_picture_does_no_harm():
    sound = zipfile.ZipFile(io.BytesIO(xlsx_bytes([["product"]])))
    parts = {part: sound.read(part) for part in sound.namelist()}
    picture = b"\x89PNG" + bytes(range(256)) * 3000
    assert rows_of(zip_bytes(parts | {"xl/media/a.png": picture})) == [("product",)]


def test_a_number_too_large_for_a_whole_one_is_still_written_out():
    assert rows_of(xlsx_bytes([["n"], [1e20]]))[1] == (2, ("100000000000000000000",))
