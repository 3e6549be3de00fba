"""The programme's firms: added, put into a tier, and their owners invited."""

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Invitation
from accounts.rules import Kind
from accounts.tenancy import ActorRequest
from accounts.views.desk import manager, offer_of, shown
from advisors.forms.firms import FirmForm, NewFirmForm
from advisors.models import Firm
from advisors.services import change_firm, create_firm
from interface.answers import invalid, see_other
from interface.paging import page
from interface.searches import typed

KEYS = ("organisation__name", "organisation_id")


@require_GET
def firms(request: ActorRequest) -> HttpResponse:
    actor = manager(request)
    invited = Invitation.objects.open().filter(organisation=OuterRef("pk"))
    rows = Firm.objects.visible_to(actor).select_related("organisation")
    rows = rows.annotate(people=Count("organisation__memberships"), is_invited=Exists(invited))
    if text := typed(request.GET):
        rows = rows.filter(Q(organisation__name__icontains=text) | Q(organisation__slug__icontains=text))
    context = {"page": page(rows, request.GET, keys=KEYS), "q": text}
    return render(request, "advisors/desk/firms.html", context)


@require_http_methods(["GET", "POST"])
def add(request: ActorRequest) -> HttpResponse:
    actor = manager(request)
    form = NewFirmForm(request.POST or None)
    if request.method == "GET":
        return render(request, "advisors/desk/new.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "advisors/desk/new.html", {"form": form})
    owner = offer_of(Kind.ADVISOR, form.cleaned_data)
    firm = create_firm(actor, form.particulars(), form.entry(), owner=owner)
    messages.success(request, _("%(name)s is added, and %(email)s is invited.") % {"name": firm, "email": owner.email})
    return see_other(request, "firms:list")


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, slug: str) -> HttpResponse:
    actor = manager(request)
    rows = Firm.objects.visible_to(actor).select_related("organisation")
    firm = get_object_or_404(rows, organisation__slug=slug)
    form = FirmForm(request.POST or None, firm=firm)
    context = shown(actor, firm.organisation) | {"form": form}
    if request.method == "GET":
        return render(request, "advisors/desk/firm.html", context)
    if not form.is_valid():
        return invalid(request, "advisors/desk/firm.html", context)
    change_firm(actor, firm, form.particulars(), form.entry())
    messages.success(request, _("Saved."))
    return see_other(request, "firms:edit", form.cleaned_data["slug"])
