"""One sender in the foreground; while it has nothing to send it sweeps, so that mail needs no other process."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from accounts.services.claims import held_up
from accounts.services.delivery import deliver_batch
from renewals.services.sweep import sweep

logger = logging.getLogger(__name__)
IDLE_SECONDS = 1
SWEEP_EVERY_SECONDS = 60


class Command(BaseCommand):
    help = "Send the mail that is due. Without --until-empty it goes on until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="end when nothing is due any more")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping, self.swept_at = False, float("-inf")
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self.stopping:
            try:
                count = self.work(sweeping=not options["until_empty"])
            except (OperationalError, InterfaceError):
                if options["until_empty"]:
                    raise
                self.wait_for_database()
                continue
            if count:
                self.stdout.write(f"{count} letters.")
            elif (seconds := held_up()) is None and options["until_empty"]:
                break
            else:
                time.sleep(IDLE_SECONDS if seconds is None else min(seconds, IDLE_SECONDS))

    def work(self, *, sweeping: bool) -> int:
        """A sweep when it is time for one, and a batch of letters; how many were claimed."""
        if sweeping and time.monotonic() - self.swept_at >= SWEEP_EVERY_SECONDS:
            self.swept_at = time.monotonic()
            sweep()
        return deliver_batch(stopping=lambda: self.stopping)

    def wait_for_database(self) -> None:
        """It is down, or has just come back: what was claimed is claimed again when its lease has ended."""
        logger.warning("The database does not answer; asking again in %s s.", IDLE_SECONDS)
        connection.close()
        time.sleep(IDLE_SECONDS)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Finish the letter in hand, and give the others of the batch back."""
        self.stopping = True
