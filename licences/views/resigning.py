"""An advisor gives up its access: asked first, with what it would lose."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules import Power
from interface.answers import see_other
from licences.forms.access import as_number
from licences.models import Assignment, CustomerVisibility, Visibility
from licences.rules import Status
from licences.rules.changes import Ended, Stale
from licences.services.resignations import resign as give_up
from licences.views.gate import KnownRequest, needs

TEMPLATE = "licences/resign.html"


@needs(Power.RESIGN_ACCESS)
@require_http_methods(["GET", "POST"])
def resign(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For the firm's owners, of an access that is paused as well."""
    context = loss(request, pk)
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    row = context["row"]
    try:
        give_up(request.actor, assignment=row, version=as_number(request.POST.get("version")))
    except Stale:
        return render(request, TEMPLATE, loss(request, pk) | {"changed": True}, status=409)
    messages.success(
        request, _("Your access is given up. %(customer)s is told by e-mail.") % {"customer": row.customer}
    )
    return see_other(request, "/customers/")


def standing_of(request: KnownRequest, pk: UUID) -> QuerySet[Assignment]:
    """The firm's assignment while it stands; a form that comes after its end is told so by `Ended`."""
    own = Assignment.objects.visible_to(request.actor).filter(pk=pk)
    known = CustomerVisibility.objects.visible_to(request.actor).values("customer")
    standing = own.filter(Q(status=Status.SUSPENDED) | Q(status=Status.ACTIVE, customer__in=known))
    if request.method == "POST" and own.exists() and not standing.exists():
        raise Ended
    return standing.select_related("customer", "contact")


def loss(request: KnownRequest, pk: UUID) -> dict[str, Any]:
    """The assignment, and how much is shown through it now; the customer's page is there while anything is."""
    row = get_object_or_404(standing_of(request, pk))
    shared = CustomerVisibility.objects.visible_to(request.actor).filter(customer=row.customer_id)
    return {
        "row": row,
        "count": Visibility.objects.visible_to(request.actor).filter(assignment=row).count(),
        "is_shared": shared.exists(),
    }
