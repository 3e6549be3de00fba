"""How many letters a mail server gets in a while, and which of them go first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.keys import new_id
from accounts.models import Letter, Sending
from accounts.outbox import COMPOSERS, Addressee, Mail, post
from accounts.rules import Rate
from accounts.services.claims import claim, held_up
from accounts.services.delivery import deliver_for
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(hour=12)


@pytest.fixture(autouse=True)
def as_worker(settings):
    settings.MAIL_RATE = Rate(20, 60)
    with database_role("coterm_worker"):
        yield


def posted(count, kind="test"):
    return [post(None, kind, Addressee(f"p{number}@larkfield.example")) for number in range(count)]


def claimed(seconds=0, **limit):
    with database_clock(NOON + timedelta(days=1, seconds=seconds)):
        return claim(new_id(), **limit)


def waits(seconds=0):
    with database_clock(NOON + timedelta(days=1, seconds=seconds)):
        return held_up()


def test_the_rate_holds_however_often_is_asked():
    posted(30)
    assert len(claimed()) == 2
    assert sum(len(claimed(seconds)) for seconds in range(0, 60, 3)) == 18


def test_after_a_rest_no_more_than_a_burst_leaves_at_once():
    posted(30)
    claimed()
    assert len(claimed(3600)) == 2


def test_what_the_rate_keeps_waits_in_the_queue_as_it_is():
    posted(3)
    claimed()
    assert claimed() == []
    assert Letter.objects.filter(state="pending", attempts=0).count() == 1
    assert (0 < waits() < 4, waits(10)) == (True, 0)


def test_nothing_is_held_up_while_nothing_is_due_or_mail_is_paused(settings):
    assert waits() is None
    posted(1)
    Sending.objects.update(paused_at=timezone.now())
    assert waits() is None
    settings.MAIL_RATE = None
    assert waits() is None


def test_what_is_no_reminder_goes_first():
    posted(2, kind="reminders")
    (code,) = posted(1, kind="accounts.sign_in")
    assert [letter.pk for letter in claimed(limit=1)] == [code.pk]
    assert [letter.kind for letter in claimed()] == ["reminders"]


def test_within_a_claim_too_and_the_rest_by_the_time_that_it_is_due(settings):
    settings.MAIL_RATE = None
    late, early, code = *posted(2, kind="reminders"), *posted(1, kind="accounts.sign_in")
    Letter.objects.filter(pk=early.pk).update(due_at=NOON - timedelta(days=1))
    assert [letter.pk for letter in claimed()] == [code.pk, early.pk, late.pk]


def test_a_claim_is_no_larger_than_asked_for(settings):
    settings.MAIL_RATE = None
    posted(3, kind="reminders")
    claimed(limit=2)
    posted(2)
    assert len(claimed(seconds=30, limit=3)) == 3


def test_a_sender_idles_until_all_has_left(settings, monkeypatch):
    monkeypatch.setitem(COMPOSERS, "test", lambda letter: Mail("Hello", "Good day"))
    settings.MAIL_RATE = Rate(60, 1)
    posted(15)
    with mail_server(settings) as server:
        assert deliver_for(timedelta(seconds=60)) == 15
        assert len(server.taken) == 15
