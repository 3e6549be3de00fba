"""The activity page: own entries in words, by the reader's day, filtered, paged, and as a file."""

import ast
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.rules import Role
from accounts.services.invitations import Offer, invite
from accounts.services.people import change_role, remove_member
from accounts.tenancy import acting_as
from tests.cast import MembershipFactory, actor
from tests.clients import signed_in
from tests.hats import database_role
from tests.test_architecture import SOURCES, tree_of

pytestmark = pytest.mark.django_db
PAGE = "accounts:activity"
VERB = re.compile(
    r"(assignment|contact|coverage|discount|firm|licence|note|organisation|person|policy|prices|reminder|view)\.[a-z_]+"
)


def test_every_verb_that_services_record_has_its_words():
    texts = {
        node.value
        for path in SOURCES
        if "services" in path.parts or path.name == "services.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    verbs = {text for text in texts if VERB.fullmatch(text)}
    assert len(verbs) > 15
    letters_alone = {"assignment.ending", "assignment.contact_left", "assignment.lead_fell_away"}
    assert verbs - audit.PHRASES.keys() == letters_alone, "these record nothing"


@pytest.fixture
def alba():
    return MembershipFactory(
        user__name="Alba Ruiz", user__time_zone="Europe/Madrid", organisation__name="Larkfield Foods"
    )


@pytest.fixture
def owen(alba):
    return MembershipFactory(organisation=alba.organisation, role=Role.VIEWER, user__name="Owen Hale")


def busy(alba, owen):
    with acting_as(actor(alba)):
        invite(actor(alba), alba.organisation, Offer(email="new@larkfield.example", role=Role.VIEWER))
        change_role(actor(alba), owen, Role.APPROVER)


def shown(member, **query):
    return signed_in(member).get(reverse(PAGE), query).content.decode()


def test_entries_are_told_in_words(alba, owen):
    busy(alba, owen)
    page = shown(alba)
    assert "Changed the role of <b>Owen Hale</b> from Viewer to Approver" in page
    assert "Invited <b>new@larkfield.example</b> to <b>Larkfield Foods</b>, as: Viewer" in page
    assert "Alba Ruiz" in page


def test_and_in_spanish(alba, owen):
    busy(alba, owen)
    with database_role("coterm_owner"):
        type(alba.user).objects.filter(pk=alba.user_id).update(language="es")
    assert "Cambió la función de <b>Owen Hale</b> de Lector a Aprobador" in shown(alba)


def test_who_has_left_keeps_no_name(alba, owen):
    busy(alba, owen)
    with acting_as(actor(alba)):
        remove_member(actor(alba), owen)
    assert "Changed the role of somebody who has left" in shown(alba)


def test_strangers_see_nothing_of_it(alba, owen):
    busy(alba, owen)
    page = shown(MembershipFactory())
    assert "Nothing happened" in page
    assert "Owen Hale" not in page


def test_days_are_those_of_the_reader(alba):
    with database_role("coterm_owner"):
        AuditEntry.objects.create(
            organisation=alba.organisation,
            event_id=alba.pk,
            at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
            verb="test.written",
        )
    page = shown(alba)
    assert "Monday 2 March 2026" in page.replace(",", "")
    assert ">00:30<" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "people"}, True),
        ({"kind": "access"}, False),
        ({"q": "owen"}, True),
        ({"q": "nobody at all"}, False),
        ({"days": "7"}, True),
        ({"person": "nonsense"}, True),
        ({"kind": "nonsense", "after": "nonsense"}, True),
    ],
)
def test_filters_show_what_they_say(alba, owen, query, found):
    busy(alba, owen)
    assert ("Owen Hale</b>" in shown(alba, **query)) is found


def test_one_persons_entries_are_shown_alone(alba, owen):
    busy(alba, owen)
    assert "Changed the role" in shown(alba, person=str(alba.user_id))
    assert "Changed the role" not in shown(alba, person=str(owen.user_id))


def test_the_file_holds_the_same_without_marks(alba, owen):
    busy(alba, owen)
    answer = signed_in(alba).get(reverse("accounts:activity-export"), {"q": "owen"})
    assert answer["Content-Type"].startswith("text/csv")
    assert '"Alba Ruiz","Changed the role of Owen Hale from Viewer to Approver",' in answer.content.decode()
    assert "new@larkfield" not in answer.content.decode()


def test_the_page_costs_the_same_with_more_entries(alba, owen, django_assert_max_num_queries):
    busy(alba, owen)
    client = signed_in(alba)
    with django_assert_max_num_queries(20) as few:
        client.get(reverse(PAGE))
    with acting_as(actor(alba)):
        for number in range(60):
            audit.record(actor(alba), "test.written", organisations=[alba.organisation_id], number=number)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = client.get(reverse(PAGE)).content.decode()
    assert 'rel="next"' in page


def test_what_the_schedule_did_is_told_as_such(alba):
    with database_role("coterm_worker"), acting_as(None):
        audit.record(None, "test.ended", organisations=[alba.organisation_id])
    assert "#i-robot" in shown(alba)
