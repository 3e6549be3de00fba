"""Loads the demo: `manage.py seed_demo`, as owner, again and again without doubling."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand
from django.utils import timezone

from renewals.demo.loading import load_demo

# Most of the demo's customers are here, and its days are theirs.
HOME = ZoneInfo("Europe/Madrid")


class Command(BaseCommand):
    help = "Load the invented world of the demo; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        load_demo(timezone.localtime(timezone=HOME))
        self.stdout.write("The demo is loaded.")
