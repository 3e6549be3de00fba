"""Pauses all mail, or lets it leave again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Sending
from accounts.rules import Pause
from accounts.services.sending import pause, resume


class Command(BaseCommand):
    help = "Let no mail leave; with --resume let it leave again. After a restore, say what becomes of what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--resume", action="store_true", help="let mail leave again")
        waiting = parser.add_mutually_exclusive_group()
        waiting.add_argument("--send", action="store_true", help="with --resume: what waits leaves")
        waiting.add_argument("--withdraw", action="store_true", help="with --resume: what waits never leaves")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["resume"]:
            self.stdout.write("Mail is paused." if pause(None) else "Mail was paused already.")
            return
        restored = Sending.objects.filter(why=Pause.RESTORED.value, paused_at__isnull=False).exists()
        if restored and not (options["send"] or options["withdraw"]):
            raise CommandError("What waits in a restored database may have left already: --send or --withdraw?")
        count = resume(None, withdraw=options["withdraw"])
        self.stdout.write("Mail was not paused." if count is None else f"Mail leaves again; {count} withdrawn.")
