"""One review of all assignments, the thorough one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from licences.services.reviews import review_assignments


class Command(BaseCommand):
    help = "End assignments that are over, warn of those that will end, and check visibility."

    def handle(self, *args: Any, **options: Any) -> None:
        review = review_assignments(thorough=True)
        if review is None:
            raise CommandError("Another review is at work.")
        self.stdout.write(
            f"{review.ended} ended, {review.notices} notices, {review.alone} coverages without an advisor, "
            f"{review.wrong} of {review.compared} rows of visibility wrong."
        )
