"""A sender as a drill starts it: the product's own command, with a fault planted when the drill is to be tested."""

import os
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command


def mark_before_send() -> None:
    """The classic: written down as sent first, sent afterwards."""
    from accounts.services import delivery

    def deliver(letter, *, sender, line, draft=None):
        frozen = delivery.fence(letter, sender=sender)
        delivery.write_down(letter, sender=sender)
        if frozen:
            line.send(frozen, to=letter.recipient)

    delivery.deliver = deliver


def no_lease() -> None:
    """What a sender has claimed, others claim and send as well."""
    from datetime import timedelta

    from accounts.services import claims, delivery, drafts

    claims.LEASE = delivery.LEASE = drafts.LEASE = timedelta(0)
    for module in (delivery, drafts):
        module.KEEP = module.KEEP.replace("and claimed_by = %(sender)s and state = 'sending'", "")


def wait_at_gate() -> None:
    """Not a fault: with its first mails written this sender waits until the drill has changed something."""
    from accounts.services import delivery

    drafted = delivery.drafted

    def patient(letters):
        drafts = drafted(letters)
        while not Path(os.environ["DRILL_GATE"]).exists():
            time.sleep(0.02)
        return drafts

    delivery.drafted = patient


PLANTS = {"mark_before_send": mark_before_send, "no_lease": no_lease, "wait_at_gate": wait_at_gate}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for name in sys.argv[1:]:
        PLANTS[name]()
    call_command("send_mail")
