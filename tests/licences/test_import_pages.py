"""The import in a browser without script: upload, preview, apply, discard; and files that will not do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from licences.imports import tables
from licences.imports.tables import MAX_BYTES
from licences.models import Coverage, ImportBatch, ImportLine, Licence
from tests.cast import MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.licences.made_files import FOLDER

pytestmark = pytest.mark.django_db
UPLOAD = "/licences/import/"
OWN = b"product,serial,quantity,expires_on\nGateway,G-1,5,2027-01-01\n"


@pytest.fixture
def browser(larkfield):
    return signed_in(MembershipFactory(organisation=larkfield))


@pytest.fixture(autouse=True)
def rows():
    """How many rows there are, whoever looks."""

    def count(model):
        with database_role("coterm_owner"):
            return model.objects.count()

    return count


def upload(browser, content, name="licences.csv", layout="auto"):
    file = SimpleUploadedFile(name, content)
    return browser.post(UPLOAD, {"file": file, "layout": layout})


def page_of(browser, answer):
    return browser.get(answer.headers["Location"]).content.decode()


def press(browser, answer, verb):
    return browser.post(f"{answer.headers['Location']}{verb}/")


def test_an_upload_leads_to_a_preview_that_has_written_nothing(browser, rows):
    shown = page_of(browser, upload(browser, (FOLDER / "snipe-it.csv").read_bytes()))
    assert "7 of 12 lines would change something" in shown
    assert "a day that does not exist" in shown
    assert "Licences of Snipe-IT" in shown and "Full Name" in shown
    assert (rows(Licence), rows(ImportLine)) == (0, 12)


def test_applying_shows_what_was_imported(browser, rows):
    answer = upload(browser, (FOLDER / "snipe-it.csv").read_bytes())
    shown = page_of(browser, press(browser, answer, "apply"))
    assert "7 licence lines were imported" in shown
    assert rows(Licence) == 7


def test_the_preview_shows_a_change_before_and_after(browser):
    press(browser, upload(browser, OWN), "apply")
    shown = page_of(browser, upload(browser, OWN.replace(b"5,2027", b"6,2028")))
    assert "<del>5</del> <ins>6</ins>" in shown
    assert "<del>1\xa0Jan\xa02027</del> <ins>1\xa0Jan\xa02028</ins>" in shown


def test_the_same_file_again_offers_nothing_to_import(browser):
    press(browser, upload(browser, OWN), "apply")
    shown = page_of(browser, upload(browser, OWN))
    assert "Nothing would change" in shown
    assert "Import these lines" not in shown


def test_lines_are_shown_by_outcome_and_page_by_page(browser, django_assert_num_queries):
    answer = upload(browser, b"product,expires_on\n" + b"Gateway,2027-01-01\n" * 60 + b"Edge,never\n")
    first = browser.get(answer.headers["Location"]).content.decode()
    assert first.count("<tr>") == 51 and "after=" in first
    refused = browser.get(answer.headers["Location"], {"state": "refused"}).content.decode()
    assert refused.count("<tr>") == 2 and "Write it like 2026-12-31" in refused
    with django_assert_num_queries(9):
        browser.get(answer.headers["Location"])


def test_a_discarded_import_is_gone(browser, rows):
    answer = upload(browser, OWN)
    assert press(browser, answer, "discard").headers["Location"] == UPLOAD
    assert "This import was discarded" in page_of(browser, answer)
    assert (rows(Licence), rows(ImportLine)) == (0, 0)
    press(browser, answer, "apply")
    assert rows(Licence) == 0


def test_a_preview_that_is_stale_is_worked_out_anew_and_shown_again(browser, rows):
    press(browser, upload(browser, OWN), "apply")
    answer = upload(browser, OWN.replace(b"5,2027", b"6,2027"))
    with database_role("coterm_owner"):
        Coverage.objects.update(quantity=7)
    shown = page_of(browser, press(browser, answer, "apply"))
    assert "Licences changed since this preview" in shown
    assert "<del>7</del> <ins>6</ins>" in shown
    press(browser, answer, "apply")
    with database_role("coterm_owner"):
        assert Coverage.objects.get().quantity == 6


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "The file is empty"),
        ("a.csv", "product,expires_on\nBúho,\n".encode("cp1252"), "not in UTF-8"),
        ("a.csv", b"product,colour\nA,red\n", "lacks the column “expires_on”"),
        ("a.csv", b"product,expires_on\n", "no lines below it"),
        ("a.xlsx", b"product,expires_on\n", "named as an Excel workbook"),
        ("a.xlsx", b"PK\x03\x04nonsense", "The workbook is damaged"),
        ("a.csv", b"product,expires_on\n" + b"A,\n" * 1_001, "more than 1,000 lines"),
        ("a.csv", b"x" * (MAX_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_a_file_that_will_not_do_is_said_so_and_leaves_nothing(browser, rows, monkeypatch, name, content, said):
    monkeypatch.setattr(tables, "MAX_ROWS", 1_000)
    answer = upload(browser, content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert (rows(ImportBatch), rows(ImportLine), rows(Licence)) == (0, 0, 0)


def test_an_upload_without_a_file_is_asked_for_one(browser):
    answer = browser.post(UPLOAD, {"layout": "auto"})
    assert answer.status_code == 422 and "Choose a file." in answer.content.decode()


def test_the_template_can_be_imported_as_it_is(browser):
    template = browser.get("/licences/import/template.csv").content
    assert "1 of 1 lines would change something" in page_of(browser, upload(browser, template))


def test_the_last_imports_are_listed(browser):
    upload(browser, OWN, "from-the-old-tool.csv")
    assert "from-the-old-tool.csv" in browser.get(UPLOAD).content.decode()


def test_a_stranger_gets_the_same_answer_as_for_an_import_that_is_not_there(browser):
    stranger = signed_in(MembershipFactory())
    address = upload(browser, OWN).headers["Location"]
    assert [stranger.get(address).status_code, press(stranger, upload(browser, OWN), "apply").status_code] == [404, 404]


@pytest.mark.parametrize("role", ["viewer", "approver"])
def test_only_who_edits_licences_reaches_the_import(larkfield, role):
    reader = signed_in(MembershipFactory(organisation=larkfield, role=role))
    assert reader.get(UPLOAD).status_code == upload(reader, OWN).status_code == 403
    assert reverse("licences:import") not in reader.get("/licences/").content.decode()


def test_the_import_speaks_spanish(larkfield):
    browser = signed_in(MembershipFactory(organisation=larkfield, user__language="es"))
    assert "Importar licencias" in browser.get(UPLOAD).content.decode()
    answer = upload(browser, b"product,colour\nA,red\n")
    assert "Al archivo le falta la columna" in answer.content.decode()
