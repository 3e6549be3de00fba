"""What a distributor does: it opens the link of a delivery, confirms its receipt or refuses it, and takes copies."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Power
from interface.answers import see_other
from interface.downloads import csv_answer, file_answer
from licences.forms.transfers import ReasonForm
from licences.rules.transfers import State, canonical
from licences.services.handovers import TransferGone, receipt, refuse, take_copy, waiting
from licences.views.gate import KnownRequest, needs
from licences.views.sheets import lines
from licences.views.transfers import seen


@needs(Power.RECEIVE_TRANSFERS)
@never_cache
@require_http_methods(["GET", "POST"])
def receive(request: KnownRequest, token: str) -> HttpResponse:
    """Shown on GET, confirmed or refused by POST alone, because scanners follow links."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    try:
        found = waiting(request.actor, token=token)
        if request.method == "GET" or not form.is_valid():
            return render(request, "licences/transfers/receive.html", {"transfer": found, "form": form})
        if request.POST.get("answer") == "refuse":
            refuse(request.actor, token=token, **form.cleaned_data)
            messages.success(request, _("Sent back unopened. %(name)s is told.") % {"name": found.sender})
            return see_other(request, "licences:transfers")
        receipt(request.actor, token=token)
    except TransferGone:
        return render(request, "licences/transfers/gone.html", status=404)
    messages.success(request, _("Receipt confirmed. %(name)s is told.") % {"name": found.sender})
    return see_other(request, "licences:transfer", found.pk)


@needs(Power.RECEIVE_TRANSFERS)
@require_POST
def copy(request: KnownRequest, pk: UUID) -> HttpResponse:
    """A file to take away: CSV for spreadsheets, or the exact JSON whose hash is the seal."""
    row = get_object_or_404(seen(request.actor).filter(state=State.RECEIPTED.value), pk=pk)
    content = take_copy(request.actor, transfer=row)
    name = f"transfer-{row.sha256[:12]}"
    if request.POST.get("format") == "json":
        return file_answer(canonical(content), name=f"{name}.json", content_type="application/json")
    return csv_answer(f"{name}.csv", *lines(content))
