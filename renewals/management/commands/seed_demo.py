"""Loads the demo: `manage.py seed_demo`, as owner, again and again without doubling."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from renewals.demo.loading import load_demo


class Command(BaseCommand):
    help = "Load the invented world of the demo; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        load_demo(timezone.localdate())
        self.stdout.write("The demo is loaded.")
