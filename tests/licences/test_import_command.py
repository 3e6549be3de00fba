"""manage.py import_licences: what it prints, how it ends, and that a dry run writes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from licences.imports import tables
from licences.models import ImportBatch, Licence
from tests.cast import OrganisationFactory
from tests.hats import database_role
from tests.licences.made_files import FOLDER

pytestmark = pytest.mark.django_db
SNIPE = FOLDER / "snipe-it.csv"


@pytest.fixture(autouse=True)
def hat():
    """The command runs as worker."""
    OrganisationFactory(slug="larkfield")
    with database_role("coterm_worker"):
        yield


@pytest.fixture
def file(tmp_path):
    def written(text):
        path = tmp_path / "licences.csv"
        path.write_text(text)
        return path

    return written


def run(path, *options, customer="larkfield"):
    """What it printed, and its exit code."""
    out, code = StringIO(), 0
    try:
        call_command("import_licences", str(path), "--customer", customer, *options, stdout=out)
    except SystemExit as end:
        code = end.code
    return out.getvalue(), code


def test_a_refused_line_stops_no_other_and_makes_the_exit_code_1():
    said, code = run(SNIPE)
    assert code == 1
    assert "     8  Refused: expiration date says “02/30/2026”, a day that does not exist." in said
    assert "     2  New: Vantage Desktop Premium" in said
    assert said.endswith("New: 7, Changed: 0, Unchanged: 0, Refused: 5\n")
    assert Licence.objects.count() == 7


def test_the_same_file_again_is_unchanged(file):
    path = file("product,expires_on\nGateway,2027-01-01\n")
    assert run(path)[1] == 0
    assert run(path) == ("New: 0, Changed: 0, Unchanged: 1, Refused: 0\n", 0)


def test_a_change_is_shown_field_by_field(file):
    run(file("product,serial,expires_on\nGateway,G-1,2027-01-01\n"))
    said, _ = run(file("product,serial,expires_on,colour\nGateway,G-1,2028-01-01,red\n"))
    assert "     2  Changed: expires on: 1\xa0Jan\xa02027 → 1\xa0Jan\xa02028" in said
    assert "Columns left alone: colour." in said


def test_a_dry_run_writes_nothing():
    said, code = run(SNIPE, "--dry-run")
    assert code == 1
    assert "Dry run: nothing was written." in said
    assert (Licence.objects.count(), ImportBatch.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", (), "The file is empty"),
        ("a,b\n1,2\n", (), "names no columns that we know"),
        ("product,expires_on\nA,\n", ("--format", "snipe-it"), "lacks the column"),
        ("product,expires_on\n" + "A,\n" * 1_001, (), "more than 1,000 lines"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(file, monkeypatch, text, options, said):
    monkeypatch.setattr(tables, "MAX_ROWS", 1_000)
    with pytest.raises(CommandError, match=said):
        run(file(text), *options)
    assert ImportBatch.objects.count() == 0


def test_a_customer_or_a_file_that_does_not_exist_is_one_clear_line(file, tmp_path):
    with pytest.raises(CommandError, match="No customer has the slug “nobody”"):
        run(SNIPE, customer="nobody")
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="directory"):
        run(tmp_path)
