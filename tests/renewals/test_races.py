"""Several sweeps and senders at once: nothing twice, nothing lost."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.keys import new_id
from accounts.models import Letter
from accounts.outbox import COMPOSERS, Addressee, Mail, post
from accounts.rules import Rate
from accounts.services.claims import claim
from accounts.services.delivery import deliver_for
from renewals.models import Reminder
from renewals.services.sweep import sweep
from tests.hats import database_role
from tests.mail_server import mail_server
from tests.races import at_once
from tests.renewals.world import larkfield

pytestmark = pytest.mark.django_db(transaction=True)


def workers(count, work):
    """So many workers do the same at once; what each returned."""

    def run():
        with database_role("coterm_worker"):
            return work()

    return at_once(*[run] * count)


def test_four_sweeps_at_once_add_up_to_one():
    world = larkfield()
    for days in (0, 1, 7):
        world.coverage(days, today=timezone.localdate())
    assert sorted(swept.reminders for swept in workers(4, sweep)) == [0, 0, 0, 9]
    with database_role("coterm_worker"):
        assert Reminder.objects.filter(state="pending").count() == 9


def test_three_senders_at_once_keep_the_rate_together(settings):
    settings.MAIL_RATE = Rate(30, 86400)
    with database_role("coterm_owner"):
        for number in range(9):
            with transaction.atomic():
                post(None, "test", Addressee(f"p{number}@larkfield.example"))
    assert sum(len(found) for found in workers(3, lambda: claim(new_id()))) == 3


def test_three_senders_at_once_send_each_letter_once(settings, monkeypatch):
    monkeypatch.setitem(COMPOSERS, "test", lambda letter: Mail("Hello", "Good day"))
    with database_role("coterm_owner"):
        for number in range(60):
            with transaction.atomic():
                post(None, "test", Addressee(f"p{number}@larkfield.example"))
    with mail_server(settings) as server:
        workers(3, lambda: deliver_for(timedelta(seconds=20)))
        assert len(server.taken) == len(set(server.addresses())) == 60
    with database_role("coterm_worker"):
        assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 1)}
