"""The operator's commands: one sweep, one sender."""

import signal
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.tasks import deliver_letters
from renewals.tasks import sweep_reminders
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server
from tests.renewals.world import MONDAY, larkfield, madrid

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server(settings) as server:
        yield server


def run(*words):
    out = StringIO()
    with database_clock(madrid()), database_role("coterm_worker"):
        call_command(*words, stdout=out)
    return out.getvalue()


def test_a_sweep_says_how_many_are_new_and_a_second_one_none(server):
    larkfield().coverage(7)
    assert run("sweep_reminders") == "3 new reminders, 3 new letters.\n"
    assert run("sweep_reminders") == "0 new reminders, 0 new letters.\n"


def test_another_day_is_refused_without_debug_or_yes():
    with pytest.raises(CommandError, match="--yes"):
        run("sweep_reminders", "--today", "2027-01-01")


def test_another_day_mails_at_once_and_counts_from_it(server):
    larkfield().coverage(60)
    day = MONDAY + timedelta(53)
    assert run("sweep_reminders", "--yes", "--today", day.isoformat()) == "3 new reminders, 3 new letters.\n"
    assert run("send_mail", "--until-empty") == "3 letters.\n"
    assert "in 7 days" in server.mails("alba@larkfield.example")[0]["Subject"]


def test_sending_ends_when_nothing_is_due(server):
    assert run("send_mail", "--until-empty") == ""


def test_the_tasks_do_the_same(server):
    larkfield().coverage(7)
    with database_clock(madrid()), database_role("coterm_worker"):
        assert (sweep_reminders(), deliver_letters()) == (3, 3)
        assert (sweep_reminders(), deliver_letters()) == (0, 0)
    assert len(server.taken) == 3


def test_a_sender_goes_on_until_it_is_stopped_and_sweeps_meanwhile(server, monkeypatch):
    larkfield().coverage(7)
    monkeypatch.setattr("time.sleep", lambda seconds: signal.raise_signal(signal.SIGTERM))
    assert run("send_mail") == "3 letters.\n"
    assert len(server.taken) == 3
