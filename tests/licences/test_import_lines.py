"""Rows to licences: what each cell may say, and why a line is refused."""

from datetime import date

import pytest

from licences.imports.cells import CellProblem, as_date, as_quantity, as_text
from licences.imports.wording import WORDING, worded
from licences.rules.imports import Problem, ProblemKind
from tests.licences.made_files import FOLDER, lines_of, own_lines

NEW_YEAR = date(2027, 1, 1)


def problem_with(reader, *arguments, **options):
    with pytest.raises(CellProblem) as refused:
        reader(*arguments, **options)
    return refused.value.kind


@pytest.mark.parametrize("cell", ["2027-01-01", " 2027-1-1 ", "2027-01-01 00:00:00", "2027-01-01T00:00:00Z"])
def test_an_iso_date_is_read_in_either_layout(cell):
    assert as_date(cell, month_first=True) == as_date(cell, month_first=False) == NEW_YEAR


@pytest.mark.parametrize("cell", ["1/1/2027", "01/01/2027", "1/1/27", "1/1/2027 0:00", "01/01/2027 12:00 AM"])
def test_a_us_date_is_read_where_the_layout_says_so(cell):
    assert as_date(cell, month_first=True) == NEW_YEAR
    assert problem_with(as_date, cell, month_first=False) == ProblemKind.NOT_A_DATE


def test_a_year_of_two_digits_belongs_to_the_nearer_century():
    assert as_date("6/1/69", month_first=True) == date(2069, 6, 1)
    assert as_date("6/1/98", month_first=True) == date(1998, 6, 1)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("02/30/2026", ProblemKind.NO_SUCH_DATE),
        ("13/01/2026", ProblemKind.NO_SUCH_DATE),
        ("2026-02-29", ProblemKind.NO_SUCH_DATE),
        ("0000-00-00", ProblemKind.NO_SUCH_DATE),
        ("1/1/126", ProblemKind.NOT_A_DATE),
        ("never", ProblemKind.NOT_A_DATE),
        ("46023", ProblemKind.NOT_A_DATE),
        ("=TODAY()", ProblemKind.NOT_A_DATE),
        ("1899-12-31", ProblemKind.DATE_OUT_OF_RANGE),
        ("9999-12-31", ProblemKind.DATE_OUT_OF_RANGE),
    ],
)
def test_an_impossible_date_is_refused(cell, kind):
    assert problem_with(as_date, cell, month_first=True) == kind


@pytest.mark.parametrize(
    ("cell", "quantity"),
    [("", None), (" 7 ", 7), ("007", 7), ("50.0", 50), ("1,000", 1000), ("+3", 3), ("1000000", 1_000_000)],
)
def test_a_quantity_is_a_whole_number(cell, quantity):
    assert as_quantity(cell) == quantity


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("-5", ProblemKind.TOO_SMALL),
        ("0", ProblemKind.TOO_SMALL),
        ("-0.0", ProblemKind.TOO_SMALL),
        ("1000001", ProblemKind.TOO_LARGE),
        ("9" * 5000, ProblemKind.TOO_LARGE),
        ("2.5", ProblemKind.NOT_A_NUMBER),
        ("1.000", ProblemKind.NOT_A_NUMBER),
        ("1,00", ProblemKind.NOT_A_NUMBER),
        ("1e3", ProblemKind.NOT_A_NUMBER),
        ("ten", ProblemKind.NOT_A_NUMBER),
        ("٣", ProblemKind.NOT_A_NUMBER),
    ],
)
def test_any_other_quantity_is_refused(cell, kind):
    assert problem_with(as_quantity, cell) == kind


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "  =cmd|' /C calc'!A0", "@SUM(1)", "+cmd|' /C calc'!A0", "-cmd", "+1+cmd|x!A0", "＝1+1", "- x|'y'!A0"],
)
def test_a_formula_is_refused(cell):
    assert problem_with(as_text, cell, longest=100) == ProblemKind.FORMULA


@pytest.mark.parametrize("cell", ["+34 900 123 456", "-12.5", "- renewed by hand", "a=b", "'=1", "A-1", "+"])
def test_what_only_looks_like_a_formula_is_text(cell):
    assert as_text(cell, longest=100) == cell


def test_text_is_trimmed_and_composed_and_keeps_its_lines_only_in_a_note():
    assert as_text(" Bu\u0301ho \r\n 3\u00a0x ", longest=100) == "Búho 3 x"
    assert as_text("one\r\n\r\ntwo ", longest=100, lines=True) == "one\n\ntwo"


@pytest.mark.parametrize(
    ("cell", "kind"), [("a\x00b", "unprintable"), ("a\x1b[0m", "unprintable"), ("x" * 101, "too_long")]
)
def test_text_that_cannot_be_kept_is_refused(cell, kind):
    assert problem_with(as_text, cell, longest=100) == kind


def test_a_line_of_our_own_layout_is_read_whole():
    (line,) = own_lines(
        "licence,product,programme,serial,quantity,starts_on,expires_on,bought_on,order_number,supplier,note",
        "L-7,Gateway VPX,Hardware Warranty,GV-1,4,2026-01-01,2026-12-31,2025-12-20,88-1,Brook,Two sites",
    )
    assert (line.product, line.programme, line.serial, line.quantity) == ("Gateway VPX", "hw", "GV-1", 4)
    assert (line.starts_on, line.expires_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (line.bought_on, line.order_number, line.supplier) == (date(2025, 12, 20), "88-1", "Brook")
    assert (line.reference, line.note, line.problems, line.number) == ("L-7", "Two sites", (), 2)


def test_what_a_short_line_leaves_out_is_simply_not_said():
    (line,) = own_lines("product,expires_on,programme,quantity,serial", "Gateway")
    assert (line.programme, line.quantity, line.expires_on, line.serial) == ("sa", None, None, "")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",2027-01-01,,", Problem(ProblemKind.MISSING, "product")),
        ("A,2027-02-30,,", Problem(ProblemKind.NO_SUCH_DATE, "expires_on", "2027-02-30")),
        ("A,2027-01-01,2027-01-02,", Problem(ProblemKind.EXPIRES_BEFORE_START, "expires_on", "2027-01-01")),
        ("A,,,Gold", Problem(ProblemKind.UNKNOWN_PROGRAMME, "Programme", "Gold")),
        ("=A,,,", Problem(ProblemKind.FORMULA, "product", "=A")),
        ("A,,,SA,more", Problem(ProblemKind.EXTRA_CELLS)),
    ],
)
def test_a_refused_line_says_which_column_and_which_value(row, problem):
    (line,) = own_lines("product,expires_on,starts_on,Programme", row)
    assert line.problems == (problem,)


def test_every_problem_of_a_line_is_told_and_no_other_line_stops():
    lines = own_lines("product,expires_on,quantity", "=A,never,-1", "B,2027-01-01,2")
    assert [problem.kind for problem in lines[0].problems] == ["not_a_date", "formula", "too_small"]
    assert lines[1].problems == ()


def test_every_kind_of_problem_has_its_words():
    assert set(WORDING) == set(ProblemKind)
    for kind in ProblemKind:
        assert "%(" not in worded(Problem(kind, "seats", "-5"))


def test_the_same_licence_twice_is_refused_with_the_first_line_named():
    lines = own_lines("product,expires_on,serial", "A,2027-01-01,S-1", "a,2028-01-01,s-1", "A,2027-01-01,S-2")
    assert [line.problems for line in lines] == [(), (Problem(ProblemKind.REPEATED, value="2"),), ()]


def test_one_licence_may_stand_in_several_programmes():
    lines = own_lines("product,expires_on,serial,programme", "A,2027-01-01,S-1,SA", "A,2027-01-01,S-1,Warranty")
    assert [line.problems for line in lines] == [(), ()]
    assert len({line.licence_key for line in lines}) == 1
    assert len({line.key for line in lines}) == 2


def test_identical_seats_without_a_serial_stay_apart_and_keep_their_keys():
    rows = ("A,2027-01-01,3", "A,2027-01-01,3", "B,2027-01-01,3")
    first, again = (own_lines("product,expires_on,quantity", *rows) for _ in range(2))
    assert len({line.key for line in first}) == 3
    assert [line.key for line in first] == [line.key for line in again]


def test_a_key_does_not_depend_on_what_may_change():
    before, after = (
        own_lines("licence,product,expires_on,quantity,note", row)[0]
        for row in ("L-1,A,2027-01-01,3,x", "l-1,B,2028-01-01,5,y")
    )
    assert before.key == after.key


def test_a_real_export_of_snipe_it_is_read_with_all_its_ugliness():
    lines = lines_of((FOLDER / "snipe-it.csv").read_bytes())
    refused = {line.number: [problem.kind.value for problem in line.problems] for line in lines if line.problems}
    assert [line.number for line in lines] == [2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15]
    assert refused == {8: ["no_such_date"], 10: ["too_small"], 11: ["missing"], 12: ["formula"], 14: ["repeated"]}
    assert (lines[0].supplier, lines[0].quantity) == ("Brook, Hale & Partners", 120)
    assert lines[0].note.startswith('Renewed once.\nAsk for the "co-term" price.\ncompany: Larkfield Foods')
    assert (lines[1].bought_on, lines[1].expires_on) == (date(2023, 11, 2), date(2027, 2, 28))
    assert (lines[9].programme, lines[11].quantity) == ("hw", 1000)


def test_people_named_in_an_export_are_not_read():
    lines = lines_of((FOLDER / "snipe-it.csv").read_bytes())
    assert not any("Vidal" in repr(line) or "@" in repr(line) for line in lines)


def test_a_column_that_goes_into_the_note_is_checked_like_the_others():
    header = b"Item name,expiration date,seats,company,notes\n"
    formula, long = lines_of(header + b"A,,1,=1+1,\nA,,1,Larkfield," + b"x" * 1995)
    assert formula.problems == (Problem(ProblemKind.FORMULA, "company", "=1+1"),)
    assert [problem.kind for problem in long.problems] == [ProblemKind.TOO_LONG]
