"""Prints the life of an assignment, as it stands in docs/assignments.md."""

from typing import Any

from django.core.management.base import BaseCommand

from licences.exports.life import life_table


class Command(BaseCommand):
    help = "Prints the table of an assignment's states and verbs: manage.py print_assignment_life > docs/assignments.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(life_table(), ending="")
