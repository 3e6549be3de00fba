"""Seals every audit entry that has no seal yet."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.seals import seal_audit


class Command(BaseCommand):
    help = "Seal every audit entry that has no seal yet, however old."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_audit(everything=True)} entries sealed.")
