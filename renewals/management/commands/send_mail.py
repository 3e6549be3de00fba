"""One sender in the foreground; while it has nothing to send it sweeps, so that mail needs no other process."""

import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services.delivery import deliver_batch
from renewals.services.sweep import sweep

IDLE_SECONDS = 1
SWEEP_EVERY_SECONDS = 60


class Command(BaseCommand):
    help = "Send the mail that is due. Without --until-empty it goes on until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="end when nothing is due any more")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        swept_at = float("-inf")
        while not self.stopping:
            if not options["until_empty"] and time.monotonic() - swept_at >= SWEEP_EVERY_SECONDS:
                swept_at = time.monotonic()
                sweep()
            count = deliver_batch(stopping=lambda: self.stopping)
            if count:
                self.stdout.write(f"{count} letters.")
            elif options["until_empty"]:
                break
            else:
                time.sleep(IDLE_SECONDS)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Finish the letter in hand, and give the others of the batch back."""
        self.stopping = True
