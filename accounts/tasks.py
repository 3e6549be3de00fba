"""What the schedule asks of accounts; safe to run twice, and at the same time."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from accounts.services import seals
from accounts.services.delivery import deliver_for, stop
from accounts.services.returns import apply_events, try_again
from accounts.services.sending import measure


@shared_task
def deliver_letters() -> int:
    """Send what is due; ends well before the broker would hand the task to somebody else."""
    return deliver_for(timedelta(seconds=30))


@shared_task
def apply_mail_events() -> int:
    """Write down what providers have told."""
    return apply_events()


@shared_task
def try_addresses_again() -> int:
    """Write again to mailboxes that returned mail long ago."""
    return try_again()


@shared_task
def measure_mail() -> dict[str, int]:
    """Count what has left."""
    return measure()


@worker_shutting_down.connect
def give_letters_back(**kwargs: Any) -> None:
    """SIGTERM: the letter in hand is finished, and the others of its batch are somebody else's."""
    stop()


@shared_task
def seal_audit() -> int:
    """Seal the entries that have come since the last time."""
    return seals.seal_audit()
