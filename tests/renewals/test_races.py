"""Several sweeps and senders at once: nothing twice, nothing lost."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Letter
from accounts.outbox import COMPOSERS, Addressee, Mail, post
from accounts.services.delivery import deliver_for
from renewals.models import Reminder
from renewals.services.sweep import sweep
from tests.hats import database_role
from tests.mail_server import mail_server
from tests.renewals.world import larkfield

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, work):
    """Runs it in so many threads from the same moment on, as worker; what each returned."""
    gate, results = threading.Barrier(count), []

    def run():
        try:
            with database_role("coterm_worker"):
                gate.wait()
                results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_four_sweeps_at_once_add_up_to_one():
    world = larkfield()
    for days in (0, 1, 7):
        world.coverage(days, today=timezone.localdate())
    assert sorted(swept.reminders for swept in at_once(4, sweep)) == [0, 0, 0, 9]
    with database_role("coterm_worker"):
        assert Reminder.objects.filter(state="pending").count() == 9


def test_three_senders_at_once_send_each_letter_once(settings, monkeypatch):
    monkeypatch.setitem(COMPOSERS, "test", lambda letter: Mail("Hello", "Good day"))
    with database_role("coterm_owner"):
        for number in range(60):
            with transaction.atomic():
                post(None, "test", Addressee(f"p{number}@larkfield.example"))
    with mail_server(settings) as server:
        at_once(3, lambda: deliver_for(timedelta(seconds=20)))
        assert len(server.taken) == len(set(server.addresses())) == 60
    with database_role("coterm_worker"):
        assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 1)}
