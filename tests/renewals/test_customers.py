"""An advisor's customers: the list, one customer's page, and the notes that the customer never sees."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.keys import new_id
from accounts.models import AuditEntry, Letter
from licences.rules import Scope
from renewals.models import CustomerNote, Reminder
from tests.cast import MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.desk import as_actor, day, firm, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno():
    return firm()


@pytest.fixture
def browser(bruno):
    return signed_in(bruno)


def text_of(browser, url):
    page = browser.get(url)
    assert page.status_code == 200
    return page.content.decode()


def names(browser, query=""):
    return re.findall(r'<a class="name"[^>]*>([^<]*)</a>', text_of(browser, f"/customers/{query}"))


def test_the_list_counts_what_each_customer_shares(bruno, browser):
    share(bruno, name="Larkfield", days=[-3, 12, 60, None], ends_on=day(200))
    page = text_of(browser, "/customers/")
    row = re.sub(r"<[^>]*>|\s+", " ", page[page.index("<tbody>") : page.index("</tbody>")])
    assert re.search(r"Larkfield Spain +4 +1 ", re.sub(" +", " ", row))
    assert "in 12 days" in row
    assert "Bruno Salas" in row


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Aster", "Calder", "Dornbach"]),
        ("?q=CALD", ["Calder"]),
        ("?view=mine", ["Aster", "Calder"]),
        ("?view=ending", ["Dornbach"]),
        ("?view=nonsense", ["Aster", "Calder", "Dornbach"]),
        ("?q=zz", []),
    ],
)
def test_the_list_is_narrowed(bruno, browser, query, shown):
    share(bruno, name="Calder")
    share(bruno, name="Aster")
    share(bruno, name="Dornbach", contact=None, ends_on=day(5))
    share(firm("Halyard & Birch"), name="Tidewater")
    assert names(browser, query) == shown


def test_a_firm_without_customers_is_told_how_they_come(browser):
    assert "No customer has assigned your firm yet" in text_of(browser, "/customers/")


def test_forty_customers_cost_as_many_statements_as_two(bruno, browser):
    for name in ("Aster", "Bellweather"):
        share(bruno, name=name)
    with CaptureQueriesContext(connection) as few:
        names(browser)
    for number in range(38):
        share(bruno, name=f"Customer {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(names(browser)) == 40
    assert len(few) == len(many)


def test_the_list_turns_pages_over_names_that_are_the_same(bruno, browser):
    for _ in range(51):
        share(bruno, name="Same name", days=[])
    page = text_of(browser, "/customers/")
    onward = re.search(r'href="([^"]*)" rel="next"', page)[1]
    assert len(names(browser, onward)) == 1


# --- One customer


def test_a_page_shows_people_coverages_access_and_message(bruno, browser):
    customer, _ = share(bruno, slug="larkfield", days=[-3, 12], message="Please call before noon.", level=3)
    MembershipFactory(organisation=customer, user__name="Alba Torres", user__email="alba@larkfield.example")
    MembershipFactory(organisation=customer, user__name="Victor Viewer", role="viewer")
    page = text_of(browser, "/customers/larkfield/")
    for words in (
        "Alba Torres",
        "alba@larkfield.example",
        "Please call before noon.",
        "Renew",
        "in 12 days",
        "1 has lapsed",
    ):
        assert words in page
    assert "Victor Viewer" not in page


@pytest.mark.parametrize("slug", ["tidewater", "nobody"])
@pytest.mark.parametrize("path", ["", "notes/"])
def test_a_foreign_customer_and_an_absent_one_answer_alike(bruno, browser, slug, path):
    share(firm("Halyard & Birch"), name="Tidewater Legal", slug="tidewater")
    answer = browser.post(f"/customers/{slug}/{path}", {"text": "x"}) if path else browser.get(f"/customers/{slug}/")
    assert answer.status_code == 404
    assert "Tidewater Legal" not in answer.content.decode()


def test_a_customer_that_ended_the_access_is_gone_at_once(bruno, browser):
    share(bruno, slug="larkfield", ends_on=day(-2))
    assert browser.get("/customers/larkfield/").status_code == 404


def test_selected_and_whole_access_are_told_apart(bruno, browser):
    share(bruno, slug="larkfield", days=[1, 2])
    share(bruno, slug="calder", days=[1, 2], scope=Scope.SELECTED.value)
    assert "All coverages, future ones included; 2 now" in text_of(browser, "/customers/larkfield/")
    assert "No coverage is shared at the moment" in text_of(browser, "/customers/calder/")


def test_the_last_mails_are_those_of_the_firms_own_people(bruno, browser):
    customer, coverages = share(bruno, slug="larkfield")
    for organisation, subject in ((bruno.organisation, "Ours to read"), (customer, "Theirs to read")):
        remind(organisation, customer, coverages[0], subject)
    page = text_of(browser, "/customers/larkfield/")
    assert "Ours to read" in page
    assert "Theirs to read" not in page


def remind(organisation, customer, coverage, subject):
    now = timezone.now()
    with database_role("coterm_owner"):
        letter = Letter.objects.create(
            kind="reminder", organisation=organisation, recipient="a@b.example", due_at=now, created_at=now,
            sent_at=now - timedelta(1), state="sent", subject=subject,
        )  # fmt: skip
        Reminder.objects.create(
            customer=customer, coverage=coverage, expires_on=coverage.expires_on, window=-14, recipient_id=new_id(),
            organisation=organisation, why="contact", state="sent", letter=letter, created_at=now,
        )  # fmt: skip


def test_it_speaks_spanish(bruno, browser):
    share(bruno, slug="larkfield", days=[-40, 12])
    with database_role("coterm_owner"):
        type(bruno.user).objects.update(language="es")
    page = text_of(browser, "/customers/larkfield/")
    for words in ("Comparte 2 coberturas", "Próximos pasos", "Su acceso", "Presupuestar", "hasta el"):
        assert words in page


# --- Next steps


def test_a_note_is_kept_done_and_deleted_and_the_customer_never_sees_it(bruno, browser):
    customer, _ = share(bruno, slug="larkfield")
    answer = browser.post("/customers/larkfield/notes/", {"text": "Call Alba", "due_on": day(3).isoformat()})
    assert answer["Location"] == "/customers/larkfield/#notes"
    assert "Call Alba" in text_of(browser, "/customers/larkfield/")
    with as_actor(MembershipFactory(organisation=customer)):
        assert not CustomerNote.objects.exists()
        assert not AuditEntry.objects.exists()
    with as_actor(bruno):
        url = f"/customers/larkfield/notes/{CustomerNote.objects.get().pk}/"
    browser.post(url, {"done": "1"})
    assert "<s>Call Alba</s>" in text_of(browser, "/customers/larkfield/")
    browser.post(f"{url}delete/")
    with as_actor(bruno):
        verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
        assert verbs == ["note.added", "note.done", "note.deleted"]
        assert not CustomerNote.objects.exists()


def test_an_empty_note_is_refused(bruno, browser):
    share(bruno, slug="larkfield")
    answer = browser.post("/customers/larkfield/notes/", {"text": " ", "due_on": "soon"})
    assert answer.status_code == 422


def test_another_firms_note_is_not_there(bruno, browser):
    customer, _ = share(bruno, slug="larkfield")
    other = firm("Halyard & Birch")
    with database_role("coterm_owner"):
        note = CustomerNote.objects.create(
            organisation=other.organisation, customer=customer, author_id=other.user_id, text="Theirs"
        )
    assert "Theirs" not in text_of(browser, "/customers/larkfield/")
    assert browser.post(f"/customers/larkfield/notes/{note.pk}/delete/").status_code == 404
