"""Imports a file of licences for one customer, and says what became of each line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.rules import Actor, Kind, Role
from accounts.tenancy import acting_as
from licences.imports.files import LicenceFile, read_licences
from licences.imports.tables import MAX_BYTES
from licences.imports.unreadable import UnreadableFile
from licences.imports.wording import changed, reasons
from licences.models import LINE_STATES, ImportBatch, ImportLine
from licences.rules import LineState
from licences.rules.imports import FormatName
from licences.services.imports import apply_import, preview_import


class Command(BaseCommand):
    help = "Import licences from a CSV or XLSX file: our own columns, or the licences of Snipe-IT."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--customer", required=True, metavar="SLUG", help="whose licences they are")
        parser.add_argument("--format", choices=[each.value for each in FormatName], default=FormatName.AUTO.value)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        file = read_file(options["file"], FormatName(options["format"]))
        actor = owner_of(options["customer"])
        with transaction.atomic():
            batch = self.imported(actor, file, options)
            transaction.set_rollback(options["dry_run"])
        if batch.counts[LineState.REFUSED]:
            raise SystemExit(1)

    def imported(self, actor: Actor, file: LicenceFile, options: dict[str, Any]) -> ImportBatch:
        with acting_as(actor):
            batch = previewed(actor, file, name=options["file"].name)
            for line in report(batch):
                self.stdout.write(line)
            if options["dry_run"]:
                self.stdout.write(_("Dry run: nothing was written."))
                return batch
            return apply_import(actor, batch=batch)


def read_file(path: Path, wanted: FormatName) -> LicenceFile:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(_("%(file)s is larger than %(limit)s MB.") % {"file": path, "limit": MAX_BYTES >> 20})
        return read_licences(path.read_bytes(), name=path.name, wanted=wanted)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except UnreadableFile as error:
        raise CommandError(str(error)) from error


def owner_of(slug: str) -> Actor:
    """The operator acts as an owner of the customer would."""
    try:
        customer = Organisation.objects.get(slug=slug, kind=Kind.CUSTOMER.value)
    except Organisation.DoesNotExist:
        raise CommandError(_("No customer has the slug “%(slug)s”.") % {"slug": slug}) from None
    return Actor(customer.pk, Kind.CUSTOMER, Role.OWNER)


def previewed(actor: Actor, file: LicenceFile, *, name: str) -> ImportBatch:
    try:
        return preview_import(actor, name=name, layout=file.layout, lines=file.lines, ignored=file.ignored)
    except UnreadableFile as error:
        raise CommandError(str(error)) from error


def report(batch: ImportBatch) -> Iterator[str]:
    """One line for each line of the file that is not unchanged, then the counts."""
    rows = ImportLine.objects.filter(batch=batch).exclude(state=LineState.UNCHANGED).order_by("number")
    for row in rows.iterator():
        changes = [f"{each.label}: {each.before or '–'} → {each.after}" for each in changed(row.changes)]
        detail = " ".join(reasons(row.problems)) or "; ".join(changes) or row.values["product"]
        yield f"{row.number:>6}  {LINE_STATES[row.state]}: {detail}"
    if batch.ignored:
        yield _("Columns left alone: %(columns)s.") % {"columns": ", ".join(batch.ignored)}
    yield ", ".join(f"{LINE_STATES[state]}: {count}" for state, count in batch.counts.items())
