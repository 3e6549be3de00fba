"""One sweep: what has fallen due goes into the ledger, and digests whose time has come into the outbox."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from renewals.services.sweep import sweep


class Command(BaseCommand):
    help = "Find the reminders that are due, once, and post their mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as of that day; its mail is due at once"
        )
        parser.add_argument("--yes", action="store_true", help="with --today, also where DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"]
        if today and not (settings.DEBUG or options["yes"]):
            raise CommandError("--today writes to real people as of another day: add --yes if that is what you want.")
        swept = sweep(today=today)
        self.stdout.write(f"{swept.reminders} new reminders, {swept.letters} new letters.")
