"""Looks the installation over and says what is not sound."""

from typing import Any

from django.core.management.base import BaseCommand

from renewals.services.examination import examine


class Command(BaseCommand):
    help = "Look everything over; exit 0 when all is sound, else 1, naming what is not."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        for found in findings:
            mark = self.style.SUCCESS("ok") if found.is_sound else self.style.ERROR("NO")
            self.stdout.write(f"{mark}  {found.name}: {found.text}")
        if not all(found.is_sound for found in findings):
            raise SystemExit(1)
