"""An advisor's customers: the list, and a page for each."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allows
from accounts.rules import Power
from accounts.views.gate import KnownRequest, needs
from interface.answers import invalid
from interface.dates import today
from interface.paging import page
from interface.searches import typed
from licences.models import Assignment, CustomerVisibility, Visibility
from renewals.forms.desk import NoteForm
from renewals.models import CustomerNote
from renewals.services import notes
from renewals.views import clients, dossier, given_up, rows

COVERAGES = 25


@require_safe
@needs(Power.SEE_PORTFOLIO)
def customers(request: KnownRequest) -> HttpResponse:
    text = typed(request.GET)
    view = request.GET.get("view", "")
    view = view if view in clients.VIEWS else ""
    found = clients.narrowed(request.actor, text=text, view=view).values(*clients.COLUMNS)
    shown = page(found, request.GET, keys=clients.ORDER)
    context = {
        "page": shown,
        "clients": clients.clients(request.actor, shown.rows, today=today()),
        "paused": Assignment.objects.visible_to(request.actor).paused().select_related("customer").order_by("id"),
        "may_resign": allows(request.actor, Power.RESIGN_ACCESS),
        "views": clients.views(request.actor, now=view),
        "text": text,
        "view": view,
    }
    return render(request, "renewals/_customers.html" if request.htmx else "renewals/customers.html", context)


@require_safe
@needs(Power.SEE_PORTFOLIO)
def customer(request: KnownRequest, slug: str) -> HttpResponse:
    shared = _shared(request, slug)
    return render(request, "renewals/customer.html", _context(request, shared, NoteForm()))


@require_POST
@needs(Power.NOTE_CUSTOMERS)
def add_note(request: KnownRequest, slug: str) -> HttpResponse:
    shared, form = _shared(request, slug), NoteForm(request.POST)
    if not form.is_valid():
        return invalid(request, "renewals/customer.html", _context(request, shared, form))
    notes.add_note(request.actor, shared=shared, **form.cleaned_data)
    return _back(slug)


@require_POST
@needs(Power.NOTE_CUSTOMERS)
def finish_note(request: KnownRequest, slug: str, pk: UUID) -> HttpResponse:
    notes.finish_note(request.actor, note=_note(request, slug, pk), done=request.POST.get("done") == "1")
    return _back(slug)


@require_POST
@needs(Power.NOTE_CUSTOMERS)
def delete_note(request: KnownRequest, slug: str, pk: UUID) -> HttpResponse:
    notes.delete_note(request.actor, note=_note(request, slug, pk))
    return _back(slug)


def _shared(request: KnownRequest, slug: str) -> CustomerVisibility:
    mine = CustomerVisibility.objects.visible_to(request.actor).select_related("customer")
    return get_object_or_404(mine, customer__slug=slug)


def _note(request: KnownRequest, slug: str, pk: UUID) -> CustomerNote:
    shared = _shared(request, slug)
    return get_object_or_404(CustomerNote.objects.visible_to(request.actor), customer=shared.customer_id, pk=pk)


def _back(slug: str) -> HttpResponse:
    answer = redirect("renewals:customer", slug)
    answer["Location"] += "#notes"
    return answer


def _context(request: KnownRequest, shared: CustomerVisibility, form: NoteForm) -> dict[str, Any]:
    actor, now = request.actor, today()
    found = Visibility.objects.visible_to(actor).filter(customer=shared.customer_id)
    grants = dossier.grants(actor, shared, today=now)
    shown = page(found.values(*rows.COLUMNS), request.GET, keys=("expires_on", "coverage_id"), size=COVERAGES)
    marked = given_up.marks(actor, [each["coverage_id"] for each in shown.rows])
    return {
        "customer": shared.customer,
        "page": shown,
        "rows": rows.rows(shown.rows, today=now, marked=marked),
        "tally": dossier.tally(found, today=now),
        "people": dossier.people(actor, shared),
        "grants": grants,
        "may_quote": any(each.may_quote for each in grants),
        "may_propose": any(each.may_renew for each in grants),
        "may_resign": allows(actor, Power.RESIGN_ACCESS),
        "mails": dossier.mails(actor, shared),
        "notes": dossier.notes(actor, shared),
        "form": form,
    }
