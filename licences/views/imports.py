"""Imports of licences: upload, preview, apply or discard. Nothing is written before the preview is confirmed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files import File
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.rules import Power
from interface.answers import invalid, see_other
from interface.downloads import csv_answer
from interface.paging import page
from licences.forms.imports import LAYOUTS, UploadForm
from licences.imports.files import read_licences
from licences.imports.tables import MAX_BYTES
from licences.imports.unreadable import UnreadableFile
from licences.models import LINE_STATES, ImportBatch, ImportLine
from licences.rules.imports import FormatName
from licences.services.imports import ImportStale, apply_import, discard_import, preview_import, refresh_preview
from licences.views.gate import KnownRequest, needs
from licences.views.import_lines import rows

RECENT = 5
EXAMPLE = {
    "licence": "L-0001",
    "product": "Gateway VPX 200",
    "programme": "Subscription Advantage",
    "serial": "GVX-0001",
    "quantity": 4,
    "starts_on": "2026-01-01",
    "expires_on": "2026-12-31",
    "bought_on": "2025-12-15",
    "order_number": "88-1024",
    "supplier": "",
    "note": "",
}


@require_http_methods(["GET", "POST"])
@needs(Power.EDIT_LICENCES)
def upload(request: KnownRequest) -> HttpResponse:
    """The file is read and compared here; a file that cannot be read leaves nothing behind."""
    form = UploadForm(request.POST or None, request.FILES or None)
    recent = ImportBatch.objects.visible_to(request.actor).order_by("-id")[:RECENT]
    context = {"form": form, "recent": recent}
    if request.method != "POST":
        return render(request, "licences/import/upload.html", context)
    if form.is_valid():
        try:
            batch = previewed(request, form.cleaned_data["file"], form.cleaned_data["layout"])
            return see_other(request, "licences:import-batch", batch.pk)
        except UnreadableFile as error:
            form.add_error("file", str(error))
    return invalid(request, "licences/import/upload.html", context)


def previewed(request: KnownRequest, file: "File[bytes]", layout: str) -> ImportBatch:
    """The stored preview of an uploaded file; never more of it is read than the limit."""
    name = file.name or ""
    read = read_licences(file.read(MAX_BYTES + 1), name=name, wanted=FormatName(layout))
    return preview_import(request.actor, name=name, layout=read.layout, lines=read.lines, ignored=read.ignored)


@require_GET
@needs(Power.EDIT_LICENCES)
def template(request: KnownRequest) -> HttpResponse:
    """Our own columns, with one line that shows how they are filled in."""
    return csv_answer("licences.csv", list(EXAMPLE), [list(EXAMPLE.values())])


@require_GET
@needs(Power.EDIT_LICENCES)
def batch(request: KnownRequest, pk: UUID) -> HttpResponse:
    """What the import would do, or has done, line by line."""
    found = get_object_or_404(ImportBatch.objects.visible_to(request.actor), pk=pk)
    lines = ImportLine.objects.visible_to(request.actor).filter(batch=found)
    chosen = request.GET.get("state", "")
    if chosen in LINE_STATES:
        lines = lines.filter(state=chosen)
    shown = page(lines, request.GET, keys=("number",))
    context = {"batch": found, "page": shown, "rows": rows(shown), "chosen": chosen, **summary(found)}
    return render(request, "licences/import/batch.html", context)


def summary(found: ImportBatch) -> dict[str, Any]:
    """The counts by state, and what the file was."""
    counts = [(state, label, found.counts.get(state, 0)) for state, label in LINE_STATES.items()]
    writes = sum(found.counts.get(state, 0) for state in ("new", "changed"))
    return {
        "counts": counts,
        "total": sum(count for _state, _label, count in counts),
        "writes": writes,
        "layout": LAYOUTS[found.format],
        "ignored": ", ".join(found.ignored),
    }


@require_POST
@needs(Power.EDIT_LICENCES)
def confirm(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Writes the preview; when something changed since, it is worked out anew and shown again."""
    found = get_object_or_404(ImportBatch.objects.visible_to(request.actor), pk=pk)
    try:
        apply_import(request.actor, batch=found)
        messages.success(request, _("The licences are imported."))
    except ImportStale as stale:
        if stale.lines:
            refresh_preview(request.actor, batch=found)
            messages.warning(request, _("Licences changed since this preview. It is new now: look at it again."))
    return see_other(request, "licences:import-batch", pk)


@require_POST
@needs(Power.EDIT_LICENCES)
def discard(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Ends the import without writing a licence."""
    found = get_object_or_404(ImportBatch.objects.visible_to(request.actor), pk=pk)
    try:
        discard_import(request.actor, batch=found)
        messages.success(request, _("The import is discarded. Nothing was written."))
    except ImportStale:
        return see_other(request, "licences:import-batch", pk)
    return see_other(request, "licences:import")
