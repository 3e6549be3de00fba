"""Mail that is paused stays; a restored copy starts paused; letters are tried again and withdrawn by whoever may."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, transaction
from django.utils import timezone

from accounts.models import SWEEP, AuditEntry, JobRun, Letter, Sending
from accounts.outbox import COMPOSERS, Addressee, Mail, post
from accounts.permissions import Forbidden
from accounts.rules import Kind, Rate, Role
from accounts.services.delivery import deliver_batch
from accounts.services.sending import measure, pause, resume, retry, withdraw
from accounts.tenancy import acting_as
from tests.cast import MembershipFactory, actor
from tests.clients import signed_in
from tests.hats import database_role
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setitem(COMPOSERS, "reminders", lambda letter: Mail("Hello", "Good day\n"))
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def elena():
    return actor(MembershipFactory(organisation__kind=Kind.PROGRAMME, role=Role.MANAGER))


@pytest.fixture
def alba():
    return actor(MembershipFactory(organisation__kind=Kind.CUSTOMER, role=Role.OWNER))


def post_to(member, kind="reminders"):
    with database_role("coterm_worker"):
        to = Addressee("alba@larkfield.example", organisation_id=member.organisation_id)
        return post(None, kind, to)


def delivered():
    with database_role("coterm_worker"):
        return deliver_batch()


def state_of(letter):
    with database_role("coterm_owner"):
        return Letter.objects.get(pk=letter.pk).state


def copied():
    """As a dump of another database leaves it."""
    with database_role("coterm_owner"):
        Sending.objects.update(database="1:2:3")


def test_paused_mail_stays_and_leaves_once_it_is_resumed(server, elena, alba):
    letter = post_to(alba)
    with acting_as(elena):
        assert (pause(elena), pause(elena)) == (True, False)
    assert (delivered(), state_of(letter)) == (0, "pending")
    with acting_as(elena):
        assert (resume(elena), resume(elena)) == (0, None)
    assert (delivered(), state_of(letter)) == (1, "sent")


def test_a_new_database_sends_at_once(server, alba):
    post_to(alba)
    assert delivered() == 1


def test_a_restored_copy_starts_paused_and_says_so(server, elena, alba):
    post_to(alba)
    copied()
    assert (delivered(), delivered()) == (0, 0)
    with database_role("coterm_owner"):
        assert Sending.objects.get().why == "restored"
        assert AuditEntry.objects.get(verb="mail.paused").organisation_id == elena.organisation_id


def test_what_waited_in_a_restored_copy_never_leaves(server, elena, alba):
    letter = post_to(alba)
    copied(), delivered()
    with acting_as(elena):
        assert resume(elena, withdraw=True) == 1
    assert (delivered(), state_of(letter)) == (0, "cancelled")


def test_the_command_asks_what_becomes_of_what_waits(server, alba):
    post_to(alba)
    copied(), delivered()
    with database_role("coterm_worker"):
        with pytest.raises(CommandError, match="--send or --withdraw"):
            call_command("pause_mail", "--resume")
        call_command("pause_mail", "--resume", "--withdraw", stdout=(out := StringIO()))
    assert "1 withdrawn" in out.getvalue()


def test_a_customer_tries_its_dead_reminder_again(alba):
    letter = post_to(alba)
    with database_role("coterm_worker"):
        Letter.objects.update(state="dead", attempts=9, reason="550")
    with acting_as(alba):
        assert (retry(alba, letter), retry(alba, letter)) == (True, False)
    with database_role("coterm_owner"):
        row = Letter.objects.get()
    assert (row.state, row.attempts, row.reason) == ("pending", 0, "")


def test_a_customer_withdraws_its_waiting_reminder(alba):
    letter = post_to(alba)
    with acting_as(alba):
        assert withdraw(alba, letter)
    with database_role("coterm_owner"):
        assert Letter.objects.get().reason == "withdrawn"


def test_nobody_moves_what_is_not_theirs(alba):
    carmen = actor(MembershipFactory(organisation__kind=Kind.CUSTOMER, role=Role.OWNER))
    reminder, notice = post_to(alba), post_to(alba, kind="licences.access")
    with acting_as(carmen):
        assert not withdraw(carmen, reminder)
    with acting_as(alba):
        assert not withdraw(alba, notice)


def test_a_viewer_moves_nothing(alba):
    victor = actor(MembershipFactory(organisation__kind=Kind.CUSTOMER, role=Role.VIEWER))
    with acting_as(victor), pytest.raises(Forbidden):
        withdraw(victor, post_to(alba))


@pytest.mark.parametrize("state", ["sent", "sending", "dead"])
def test_the_database_lets_a_letter_go_no_other_way(alba, state):
    post_to(alba)
    with acting_as(alba), database_role("coterm_web"), pytest.raises(Error), transaction.atomic():
        Letter.objects.filter(state="pending").update(state=state)


def test_what_has_left_is_counted(server, alba):
    post_to(alba), delivered()
    with database_role("coterm_worker"):
        assert measure() == {"hour": 1, "day": 1, "paused": False}
        assert JobRun.objects.get(name="mail").details["day"] == 1


def test_the_queue_says_what_keeps_mail_and_how_much_may_leave(settings, server, alba):
    manager = MembershipFactory(organisation__kind=Kind.PROGRAMME, role=Role.MANAGER, user__language="es")
    settings.EMAIL_PORT, settings.MAIL_RATE = 1, Rate(20, 60)
    post_to(alba)
    delivered()
    with database_role("coterm_worker"):
        measure()
        JobRun.objects.create(name=SWEEP, ran_at=timezone.now(), details={"capped": 2})
    page = signed_in(manager).get("/programme/queue/?state=pending").content.decode()
    for text in ("No se puede conectar con el servidor de correo: ", "próximo intento: ", "a…@larkfield.example"):
        assert text in page
    assert "Salen como máximo 20 correos por minuto. 2 avisos esperan a mañana" in page
