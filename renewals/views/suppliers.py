"""The supplier form: kept by the programme's managers, taken away by everybody who is signed in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.rules import Power
from accounts.views.gate import KnownRequest, needs
from interface.answers import conflict, invalid, see_other
from interface.downloads import file_answer
from renewals.documents.suppliers import supplier_pdf
from renewals.forms.supplier import SupplierForm
from renewals.models import SupplierDetails
from renewals.services.suppliers import Overtaken, change_details

TEMPLATE = "renewals/supplier.html"
MOST_VERSIONS = 20


@require_GET
def pdf(request: KnownRequest) -> HttpResponse:
    details = SupplierDetails.objects.visible_to(request.actor).newest()
    if details is None:
        raise Http404
    return file_answer(supplier_pdf(details), name="supplier-form.pdf", content_type="application/pdf")


@require_http_methods(["GET", "POST"])
@needs(Power.MANAGE_PROGRAMME)
def edit(request: KnownRequest) -> HttpResponse:
    versions = list(SupplierDetails.objects.visible_to(request.actor).order_by("-version")[:MOST_VERSIONS])
    details = versions[0] if versions else None
    form = SupplierForm(request.POST or None, details=details)
    context = {"form": form, "details": details, "versions": signed(versions)}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return invalid(request, TEMPLATE, context)
    try:
        change_details(request.actor, **form.cleaned_data)
    except Overtaken:
        return conflict(request, _("Somebody else has changed the supplier form. Look at it anew, then change it."))
    messages.success(request, _("Saved."))
    return see_other(request, "renewals:supplier")


def signed(versions: list[SupplierDetails]) -> list[tuple[SupplierDetails, str]]:
    """Each version with whoever wrote it; empty for who has left."""
    names = dict(User.objects.filter(pk__in={each.created_by_id for each in versions}).values_list("pk", "name"))
    return [(each, names.get(each.created_by_id, "") if each.created_by_id else "") for each in versions]
