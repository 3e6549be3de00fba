"""Begins: makes somebody a manager of the programme, and prints the link to the first password."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.models import LANGUAGES
from accounts.services.programme import appoint_manager, password_link


class Command(BaseCommand):
    help = "Make somebody a manager of the programme; whoever has no password yet gets a link, printed here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="the person's name")
        parser.add_argument("--language", default="en", choices=sorted(LANGUAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as problem:
            raise CommandError(f"{options['email']} is not an e-mail address.") from problem
        user = appoint_manager(options["email"], name=options["name"], language=options["language"])
        if user.has_usable_password():
            self.stdout.write(f"{user.email} manages the programme, and signs in as before.")
            return
        self.stdout.write(
            f"{user.email} manages the programme. Choose a password here; the link works once, for 3 days:"
        )
        self.stdout.write(password_link(user))
