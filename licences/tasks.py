"""What the schedule asks of licences; safe to run twice, and at the same time."""

from celery import shared_task

from licences.services import introductions, reviews, transfer_reviews


@shared_task(name="licences.tasks.review_assignments")
def review_assignments() -> int:
    """End what is over, warn of what will end, and once a day compare visibility with its source."""
    review = reviews.review_assignments()
    return review.ended if review else 0


@shared_task(name="licences.tasks.review_transfers")
def review_transfers() -> int:
    """Let lapse what nobody answered, and tell customers what distributors answered."""
    return transfer_reviews.review_transfers()


@shared_task(name="licences.tasks.introduce_firms")
def introduce_firms() -> None:
    """Pass on to customers what firms ask; without a result, which somebody could count."""
    introductions.introduce_firms()
