"""Changing whom of the firm an assignment tells: on the customer's page of it, and on a page of the firm's own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Power
from advisors.models import Contact
from interface.answers import invalid, see_other
from licences.forms.access import ContactForm, as_number
from licences.models import Assignment
from licences.services.contacts import change_contact
from licences.views.gate import KnownRequest, needs
from licences.views.resigning import standing_of
from licences.views.update import assignment_of

TEMPLATE = "licences/contact.html"


def form_of(request: KnownRequest, row: Assignment) -> ContactForm:
    """The firm's people who may be told."""
    people = Contact.objects.visible_to(request.actor).filter(firm=row.advisor_id, left_on=None).order_by("name", "id")
    return ContactForm(request.POST or None, contacts=people, initial={"contact": row.contact_id})


def keep(request: KnownRequest, row: Assignment, form: ContactForm) -> None:
    """Changes the contact, and says so."""
    contact, version = form.cleaned_data["contact"], as_number(request.POST.get("version"))
    changed = change_contact(request.actor, assignment=row, contact=contact, version=version)
    said = _("%(contact)s is told from now on. Both sides hear of it by e-mail.") % {"contact": contact.name}
    messages.success(request, said if changed else _("Nothing was changed."))


@needs(Power.NARROW_ACCESS)
@require_POST
def contact_of(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The customer chooses another person of the firm."""
    row = assignment_of(request, pk)
    form = form_of(request, row)
    if form.is_valid():
        keep(request, row, form)
    else:
        messages.error(request, _("Choose whom of the firm to tell."))
    return see_other(request, "licences:assignment", row.pk)


@needs(Power.RESIGN_ACCESS)
@require_http_methods(["GET", "POST"])
def own_contact(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The firm's owner names another of its people; the customer is told."""
    row = get_object_or_404(standing_of(request, pk))
    form = form_of(request, row)
    context = {"row": row, "form": form}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return invalid(request, TEMPLATE, context)
    keep(request, row, form)
    return see_other(request, f"/customers/{row.customer.slug}/")
