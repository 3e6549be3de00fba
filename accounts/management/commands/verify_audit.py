"""Computes the audit's hash chains anew."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.seals import verify_audit


class Command(BaseCommand):
    help = "Check every hash chain of the audit; exit 1 and name the first entry of a chain that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_audit()
        self.stdout.write(f"{verdict.sealed} entries sealed, {verdict.unsealed} not yet.")
        for fault in verdict.broken:
            self.stderr.write(self.style.ERROR(fault))
        if verdict.broken:
            raise SystemExit(1)
        self.stdout.write(self.style.SUCCESS("Every chain holds."))
