"""Whom to ask: the programme's contact for each country."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.desk import CountryContactForm
from accounts.models import CountryContact
from accounts.services.organisations import drop_contact, name_contact
from accounts.tenancy import ActorRequest
from accounts.views.desk import manager
from interface.answers import invalid, see_other

LIST = "accounts:programme-contacts"


@require_GET
def contacts(request: ActorRequest) -> HttpResponse:
    manager(request)
    rows = list(CountryContact.objects.order_by("country"))
    return render(request, "accounts/desk/contacts.html", {"contacts": rows})


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: UUID | None = None) -> HttpResponse:
    """A new contact without `pk`."""
    actor = manager(request)
    contact = get_object_or_404(CountryContact, pk=pk) if pk else None
    start = {"country": request.GET.get("country", "")}
    form = CountryContactForm(request.POST or None, contact=contact, initial=start)
    if request.method == "GET":
        return render(request, "accounts/desk/contact.html", {"form": form, "contact": contact})
    if not form.is_valid():
        return invalid(request, "accounts/desk/contact.html", {"form": form, "contact": contact})
    name_contact(actor, pk=pk, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return see_other(request, LIST)


@require_POST
def remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    actor = manager(request)
    drop_contact(actor, get_object_or_404(CountryContact, pk=pk))
    messages.success(request, _("The contact is removed."))
    return see_other(request, LIST)
