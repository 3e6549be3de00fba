"""What the schedule asks of accounts; safe to run twice, and at the same time."""

from datetime import timedelta

from celery import shared_task

from accounts.services import seals
from accounts.services.delivery import deliver_for
from accounts.services.sending import measure


@shared_task
def deliver_letters() -> int:
    """Send what is due; ends well before the broker would hand the task to somebody else."""
    return deliver_for(timedelta(seconds=30))


@shared_task
def measure_mail() -> dict[str, int]:
    """Count what has left."""
    return measure()


@shared_task
def seal_audit() -> int:
    """Seal the entries that have come since the last time."""
    return seals.seal_audit()
