"""The contacts of one's own firm: whom customers may choose to be told."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Forbidden, require
from accounts.rules import Actor, Power
from accounts.tenancy import ActorRequest
from advisors.forms.firms import ContactForm
from advisors.models import Contact
from advisors.querysets import DirectoryQuerySet
from advisors.services import end_contact, save_contact
from interface.answers import invalid, see_other
from interface.dates import today

TEMPLATE = "advisors/contact.html"


def keeper(request: ActorRequest) -> Actor:
    """Only owners keep the firm's contacts."""
    require(request.actor, Power.MANAGE_FIRM)
    if request.actor is None:
        raise Forbidden
    return request.actor


def own(actor: Actor) -> DirectoryQuerySet[Contact]:
    return Contact.objects.visible_to(actor).filter(firm=actor.organisation_id, left_on=None)


@require_GET
def contacts(request: ActorRequest) -> HttpResponse:
    rows = own(keeper(request)).order_by("name", "id")[:300]
    return render(request, "advisors/contacts.html", {"contacts": list(rows)})


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: UUID | None = None) -> HttpResponse:
    """A new contact without `pk`."""
    actor = keeper(request)
    contact = get_object_or_404(own(actor), pk=pk) if pk else None
    form = ContactForm(request.POST or None, contact=contact, firm=actor.organisation_id)
    context = {"form": form, "contact": contact}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return invalid(request, TEMPLATE, context)
    save_contact(actor, form.person(), pk=pk)
    messages.success(request, _("Saved."))
    return see_other(request, "firm-contacts:list")


@require_http_methods(["GET", "POST"])
def leave(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Asks first: every customer that named this person is told, and there is no way back."""
    actor = keeper(request)
    contact = get_object_or_404(own(actor), pk=pk)
    if request.method == "GET":
        return render(request, "advisors/contact_left.html", {"contact": contact})
    end_contact(actor, contact, today=today())
    messages.success(request, _("Customers no longer see this contact."))
    return see_other(request, "firm-contacts:list")
