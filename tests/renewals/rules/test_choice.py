"""What a quote under construction is about: its address, and what a form changes in it."""

from datetime import date
from decimal import Decimal

import pytest

from renewals.rules.choice import Choice
from renewals.rules.modes import Ask, Mode
from tests.renewals.rules.cases import A, B, C

NIGHTS = (date(2027, 12, 31), date(2028, 6, 30))
WHOLE = Choice(
    customer="larkfield",
    coverages=(A, B),
    out=frozenset({B}),
    mode=Mode.LINES,
    months=24,
    minimum_months=6,
    ends_on=NIGHTS[0],
    dates={A: NIGHTS[0], B: NIGHTS[1]},
    budget=Decimal("4500.00"),
    page=3,
    draft=C,
)


def changed(choice, **posted):
    fields = {key.replace("_", "-"): value if isinstance(value, list) else [value] for key, value in posted.items()}
    return choice.changed(fields, budget=choice.budget)


@pytest.mark.parametrize("choice", [Choice(), WHOLE, Choice(customer="x", mode=Mode.COST_FREE)])
def test_an_address_reads_back_as_what_it_was_written_from(choice):
    assert Choice.read(choice.query()) == choice


def test_the_usual_choice_has_the_shortest_address():
    assert Choice(customer="larkfield").query() == "customer=larkfield"


@pytest.mark.parametrize(
    "query",
    [
        "customer=../etc&coverage=7&out=x&mode=never&term=0&least=-1&date=2027-02-30&budget=lots&page=0",
        "term=121&least=999&budget=NaN&budget=&on=x:2027-01-01&page=٣",
        f"on={A}:soon&budget=-1&coverage={'x' * 36}&term=99999",
        "mode=date",
        "mode=budget",
    ],
)
def test_what_nobody_understands_is_left_out(query):
    assert Choice.read(query) == Choice()


def test_a_coverage_is_chosen_once():
    assert Choice.read(f"coverage={A}&coverage={B}&coverage={A}").coverages == (A, B)


def test_the_rules_are_asked_for_the_same():
    assert Choice(mode=Mode.LATEST, months=24).ask == Ask(mode=Mode.LATEST, months=0)
    assert Choice(mode=Mode.EACH, months=24).ask == Ask(mode=Mode.EACH, months=24)


def test_only_lines_that_were_shown_are_taken_out():
    choice = Choice(out=frozenset({C}))
    assert changed(choice, shown=[str(A), str(B)], line=[str(B)]).out == {A, C}
    assert changed(choice, shown=[str(C)], line=[str(C)]).out == set()


def test_a_button_leaves_lines_out():
    assert changed(Choice(), shown=[str(A)], line=[str(A)], leave=f"{A} {B}").out == {A, B}


def test_lines_are_added_to_those_that_were_picked():
    assert changed(Choice(coverages=(A,), out=frozenset({B})), add=[str(B), str(C)]).coverages == (A, B, C)
    everything = changed(Choice(out=frozenset({B})), add=[str(B)])
    assert (everything.coverages, everything.out) == ((), set())


@pytest.mark.parametrize(
    ("choice", "posted", "mode", "ends_on"),
    [
        (Choice(), {"mode": "one", "date": "2027-12-31", "was": "2027-12-31"}, Mode.EARLIEST, None),
        (Choice(), {"mode": "one", "date": "2028-06-30", "was": "2027-12-31"}, Mode.DATE, NIGHTS[1]),
        (Choice(), {"mode": "one", "date": "", "was": "2027-12-31"}, Mode.EARLIEST, None),
        (Choice(), {"mode": "each", "date": "2027-12-31", "was": "2027-12-31"}, Mode.EACH, None),
        (Choice(), {"use": "cost_free", "mode": "one"}, Mode.COST_FREE, None),
        (Choice(), {"use": "date"}, Mode.EARLIEST, None),
        (Choice(), {"fit": "2028-06-30", "use": "date"}, Mode.DATE, NIGHTS[1]),
        (Choice(mode=Mode.EACH), {"mode": "one"}, Mode.EARLIEST, None),
        (Choice(mode=Mode.EACH, ends_on=NIGHTS[0]), {"mode": "one"}, Mode.DATE, NIGHTS[0]),
        (Choice(mode=Mode.LATEST), {"mode": "one", "term": "24"}, Mode.LATEST, None),
        (Choice(mode=Mode.BUDGET, budget=Decimal(1)), {}, Mode.BUDGET, None),
    ],
)
def test_a_form_sets_the_mode_and_its_date(choice, posted, mode, ends_on):
    found = changed(choice, **posted)
    assert (found.mode, found.ends_on) == (mode, ends_on)


def test_a_budget_that_is_taken_back_ends_its_mode():
    assert Choice(mode=Mode.BUDGET, budget=Decimal(1)).changed({}, budget=None).mode is Mode.EARLIEST


def test_a_line_keeps_its_own_date_once_it_was_chosen():
    posted = {f"on-{A}": ["2028-06-30"], f"was-{A}": ["2027-12-31"], f"on-{B}": ["2027-12-31"]}
    posted |= {f"was-{B}": ["2027-12-31"], f"on-{C}": ["soon"], "on-x": ["2028-06-30"]}
    found = Choice(mode=Mode.LINES).changed(posted, budget=None)
    assert found.dates == {A: NIGHTS[1]}


def test_terms_are_kept_within_reason():
    assert changed(Choice(), term="36", least="6", page="2") == Choice(months=36, minimum_months=6, page=2)
    assert changed(Choice(), term="0", least="x") == Choice()
