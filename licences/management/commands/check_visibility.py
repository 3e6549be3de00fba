"""Compares what everybody sees with what was granted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from licences.services.soundness import compare


class Command(BaseCommand):
    help = "Reckon visibility afresh and compare; exit 1 and name what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        found = compare()
        if found.wrong:
            raise CommandError("\n".join([f"Visibility is wrong in {len(found.wrong)} rows:", *found.wrong[:50]]))
        self.stdout.write(f"Visibility is sound: {found.compared} rows compared.")
