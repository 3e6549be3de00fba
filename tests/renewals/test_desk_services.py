"""The verbs of an advisor's desk: who may, what is kept, and what the activity says of it."""

from dataclasses import replace

import pytest

from accounts.audit import PHRASES, Told
from accounts.models import AuditEntry
from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from licences.models import CustomerVisibility
from renewals.exports.phrases import PORTFOLIO
from renewals.models import CustomerNote, SavedView
from renewals.rules.filters import Filters
from renewals.services import exports, notes, saved_views
from renewals.views.links import link
from tests.cast import ContactFactory, FirmFactory, MembershipFactory, OrganisationFactory, actor
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.desk import day, firm, share

pytestmark = pytest.mark.django_db
HERE = "01900000-0000-7000-8000-000000000001"


@pytest.fixture
def bruno():
    return firm()


@pytest.fixture
def shared(bruno):
    customer, _ = share(bruno, name="Larkfield Foods", slug="larkfield")
    with acting_as(actor(bruno)):
        return CustomerVisibility.objects.get(customer=customer)


def test_a_customer_may_do_none_of_it(shared):
    alba = actor(MembershipFactory())
    with acting_as(alba):
        for deed in (
            lambda: notes.add_note(alba, shared=shared, text="x"),
            lambda: notes.finish_note(alba, note=CustomerNote(), done=True),
            lambda: notes.delete_note(alba, note=CustomerNote()),
            lambda: saved_views.save_view(alba, name="x", query="expires=30"),
            lambda: saved_views.delete_view(alba, view=SavedView()),
            lambda: exports.export_portfolio(alba, filters=Filters(), today=day(0)),
        ):
            with pytest.raises(Forbidden):
                deed()


def test_a_note_needs_a_person(bruno, shared):
    nobody = replace(actor(bruno), user_id=None)
    with acting_as(nobody), pytest.raises(Forbidden):
        notes.add_note(nobody, shared=shared, text="x")


def test_a_tick_can_be_taken_back(bruno, shared):
    with acting_as(actor(bruno)):
        note = notes.add_note(actor(bruno), shared=shared, text="Call", due_on=day(1))
        notes.finish_note(actor(bruno), note=note, done=True)
        notes.finish_note(actor(bruno), note=note, done=False)
        note.refresh_from_db()
        assert note.done_at is None
        assert AuditEntry.objects.order_by("-id").first().verb == "note.reopened"


@pytest.mark.parametrize("verb", sorted(PORTFOLIO))
def test_each_deed_has_its_sentence(verb):
    told = Told(AuditEntry(verb=verb, customer_id=HERE, details={"rows": 1200}), {HERE: "Larkfield"})
    sentence = PHRASES[verb][1](told)
    assert ("1,200 rows" in sentence) == (verb == "portfolio.exported")
    assert ("<b>Larkfield</b>" in sentence) == verb.startswith("note.")


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("expires_from=2026-12-01", "Expires: from 1"),
        ("expires_to=2026-12-31", "Expires: through 31"),
        ("expires_from=2026-12-01&expires_to=2026-12-31", "Expires: 1"),
        ("customer=larkfield", "Customer: Larkfield Foods"),
        ("customer=nobody", "Customer: nobody"),
        ("mine=1", "My accounts"),
        ("access=quote", "Access: Quote"),
        ("country=ES", "Spain"),
        ("programme=sa", "Subscription Advantage"),
    ],
)
def test_each_filter_has_a_chip_that_takes_it_off(bruno, shared, query, chip):
    page = signed_in(bruno).get(f"/portfolio/?{query}").content.decode()
    chips = page.split('<div id="chips"')[1].split("</div>")[0]
    assert f'href="/portfolio/">{chip}' in chips


def test_firms_of_the_own_country_are_gone_to(bruno):
    halyard = FirmFactory(organisation=OrganisationFactory(kind="advisor", name="Halyard & Birch"))
    with database_role("coterm_owner"):
        halyard.words.create(country="ES", word="halyard & birch")
    answer = signed_in(bruno).get("/go/?q=haly")
    assert answer["Location"] == f"/advisors/{halyard.pk}/"


def test_a_page_that_is_not_there_has_no_link():
    assert link("nowhere:at-all") == ""


def test_a_colleagues_accounts_are_not_mine(bruno):
    lucia = MembershipFactory(organisation=bruno.organisation, role="member")
    share(bruno, contact=ContactFactory(firm=bruno.organisation.firm, user=lucia.user))
    assert "No coverage matches" in signed_in(bruno).get("/portfolio/?mine=1").content.decode()
    assert "No coverage matches" not in signed_in(lucia).get("/portfolio/?mine=1").content.decode()
