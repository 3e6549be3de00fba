"""What a customer decides about a transfer: consent, decline, withdraw, send again. An advisor takes its own back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allows
from accounts.rules import Kind, Power
from interface.answers import invalid, see_other
from licences.forms.access import as_number
from licences.forms.transfers import CONSENT_TEXTS, REFUSALS, ReasonForm
from licences.rules.changes import Stale
from licences.rules.transfers import TEXT_VERSION, Refused, State
from licences.services import transfers
from licences.services.snapshots import preview_of
from licences.services.transfer_news import receivers
from licences.views.gate import KnownRequest, needs
from licences.views.sheets import sheet
from licences.views.transfers import Shown, names_of, transfer_of

TEMPLATE = "licences/transfers/consent.html"
both = require_http_methods(["GET", "POST"])


@needs(Power.SEE_LICENCES)
@both
def consent(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Everybody of the customer sees exactly what would leave; an owner consents to it."""
    row = transfer_of(request, pk)
    if row.standing != State.REQUESTED:
        return see_other(request, "licences:transfer", pk)
    context = review(request, row)
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    if request.POST.get("consent") != "yes":
        return invalid(request, TEMPLATE, context | {"unticked": True})
    version, stamp = as_number(request.POST.get("version")), request.POST.get("stamp", "")
    try:
        transfers.consent(request.actor, transfer=row.transfer, version=version, stamp=stamp)
    except Refused as refused:
        return invalid(request, TEMPLATE, context | {"refused": REFUSALS[refused.refusal]})
    except Stale:
        return render(request, TEMPLATE, review(request, transfer_of(request, pk)) | {"changed": True}, status=409)
    messages.success(request, _("Consented. %(name)s is written to now.") % {"name": row.transfer.distributor})
    return see_other(request, "licences:transfer", pk)


def review(request: KnownRequest, row: Shown) -> dict[str, Any]:
    """What the page shows: the exact snapshot, who receives it, and the words."""
    preview = preview_of(request.actor, row.transfer)
    return {
        "row": row,
        "transfer": row.transfer,
        "sheet": sheet(preview.content),
        "count": preview.count,
        "stamp": preview.stamp,
        "people": receivers(row.transfer),
        "names": names_of(row.transfer),
        "text": CONSENT_TEXTS[TEXT_VERSION],
        "may_consent": allows(request.actor, Power.CONSENT_TRANSFER),
        "may_prepare": row.may["change"],
    }


@needs(Power.PREPARE_TRANSFERS)
@both
def decline(request: KnownRequest, pk: UUID) -> HttpResponse:
    """No to a request, with a reason for who asked."""
    row, form = transfer_of(request, pk), ReasonForm(request.POST if request.method == "POST" else None)
    if not row.may["decline"]:
        return see_other(request, "licences:transfer", pk)
    if request.method == "GET" or not form.is_valid():
        return render(request, "licences/transfers/end.html", {"row": row, "transfer": row.transfer, "form": form})
    transfers.decline(request.actor, transfer=row.transfer, **form.cleaned_data)
    messages.success(request, _("Declined. Nothing has left."))
    return see_other(request, "licences:transfers")


@needs(Power.SEE_TRANSFERS)
@both
def withdraw(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Asks first, and says what has left already."""
    row, form = transfer_of(request, pk), ReasonForm(request.POST if request.method == "POST" else None)
    if not row.may["withdraw"]:
        return see_other(request, "licences:transfer", pk)
    if request.method == "GET" or not form.is_valid():
        context = {"row": row, "transfer": row.transfer, "form": form, "is_withdrawal": True}
        return render(request, "licences/transfers/end.html", context, status=422 if form.errors else 200)
    transfers.withdraw(request.actor, transfer=row.transfer, **form.cleaned_data)
    if request.actor.kind is Kind.CUSTOMER and row.standing != State.REQUESTED:
        told = _("Withdrawn. %(name)s sees nothing of it any more.")
        messages.success(request, told % {"name": row.transfer.distributor})
    else:
        messages.success(request, _("Taken back. Nothing has left."))
    return see_other(request, "licences:transfers")


@needs(Power.PREPARE_TRANSFERS)
@require_POST
def send_again(request: KnownRequest, pk: UUID) -> HttpResponse:
    """A new link, for a mail that was lost."""
    row = transfer_of(request, pk)
    try:
        transfers.send_again(request.actor, transfer=row.transfer)
    except Refused as refused:
        messages.error(request, REFUSALS[refused.refusal])
    else:
        messages.success(request, _("A new link is on its way; the old one works no more."))
    return see_other(request, "licences:transfer", pk)
