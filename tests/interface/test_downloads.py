"""Files to take away."""

import csv
from decimal import Decimal
from io import StringIO

import pytest

from interface.downloads import csv_answer, file_answer


def rows_of(answer):
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"])
def test_text_that_looks_like_a_formula_is_defused(cell):
    assert rows_of(csv_answer("a.csv", [cell], [[cell]])) == [[f"'{cell}"], [f"'{cell}"]]


def test_no_text_falls_apart_where_semicolons_part_the_columns():
    text = csv_answer("a.csv", ["A"], [["Larkfield;=1+1", Decimal("-1.5")]]).content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(text), delimiter=";"))[1] == ["Larkfield;=1+1,-1.5"]


def test_numbers_and_plain_text_stay_as_they_are():
    row = ["Conservas Larrea, S.A.", -5, Decimal("-12.50"), None]
    assert rows_of(csv_answer("a.csv", [], [row]))[1] == ["Conservas Larrea, S.A.", "-5", "-12.50", ""]


def test_spreadsheets_are_told_that_it_is_utf_8():
    answer = csv_answer("a.csv", ["Caducidad"], [])
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert not answer.streaming


def test_a_name_with_accents_survives():
    answer = csv_answer("cartera año.csv", [], [])
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''cartera%20a%C3%B1o.csv"


def test_a_file_is_saved_and_never_kept_by_caches():
    answer = file_answer(b"%PDF", name='a".pdf', content_type="application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "private, no-store"
