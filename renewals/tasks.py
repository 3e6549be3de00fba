"""What the schedule asks of renewals; safe to run twice, and at the same time."""

from celery import shared_task

from renewals.services import quote_reviews
from renewals.services.sweep import sweep


@shared_task(name="renewals.tasks.sweep_reminders")
def sweep_reminders() -> int:
    """Find what has fallen due, and post the digests whose time has come."""
    return sweep().reminders


@shared_task(name="renewals.tasks.review_quotes")
def review_quotes() -> int:
    """Write down what has expired, warn of what will, and tell the programme of placed orders."""
    return quote_reviews.review_quotes()
