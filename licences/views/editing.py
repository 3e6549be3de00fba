"""Licences and coverages by hand: forms that notice when somebody else was faster."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules import Actor, Power
from interface.answers import conflict, invalid, see_other
from licences.forms.licences import CoverageForm, LicenceForm, NewCoverageForm, NewLicenceForm
from licences.models import Coverage, Licence, Product
from licences.rules.changes import Stale
from licences.services.licences import (
    Cover,
    Particulars,
    ProgrammeTaken,
    SerialTaken,
    add_coverage,
    add_licence,
    change_coverage,
    change_licence,
)
from licences.views.gate import LATE, KnownRequest, needs

TEMPLATE = "licences/edit.html"
MOST_PRODUCTS = 500


@require_http_methods(["GET", "POST"])
@needs(Power.EDIT_LICENCES)
def new(request: KnownRequest) -> HttpResponse:
    form = NewLicenceForm(request.POST or None, initial={"quantity": 1})
    names = Product.objects.visible_to(request.actor).filter(retired_on=None).order_by("name")
    context = {
        "form": form,
        "title": _("Add a licence"),
        "button": _("Add the licence"),
        "products": names.values_list("name", flat=True)[:MOST_PRODUCTS],
    }
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if form.is_valid():
        try:
            return done(request, added(request.actor, form).pk)
        except SerialTaken:
            form.add_error("serial", _("You have a licence of this product with this number already."))
    return invalid(request, TEMPLATE, context)


def added(actor: Actor, form: NewLicenceForm) -> Licence:
    """The licence that the form describes; raises `SerialTaken`."""
    return add_licence(
        actor,
        product=form.cleaned_data["product"],
        particulars=Particulars(**form.particulars()),
        programme=form.cleaned_data["programme"],
        cover=Cover(**form.cover()),
    )


@require_http_methods(["GET", "POST"])
@needs(Power.EDIT_LICENCES)
def edit(request: KnownRequest, pk: UUID) -> HttpResponse:
    licence = get_object_or_404(Licence.objects.visible_to(request.actor).select_related("product"), pk=pk)
    form = LicenceForm(request.POST or None, initial=LicenceForm.initial_of(licence))
    context = {"form": form, "licence": licence, "title": _("Change the licence"), "button": _("Save the changes")}
    context["removable"] = True
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return invalid(request, TEMPLATE, context)
    version = form.cleaned_data["version"]
    try:
        change_licence(request.actor, licence=licence, particulars=Particulars(**form.particulars()), version=version)
    except Stale:
        return late(request, pk)
    return done(request, pk)


@require_http_methods(["GET", "POST"])
@needs(Power.EDIT_LICENCES)
def cover(request: KnownRequest, pk: UUID) -> HttpResponse:
    """One more programme for a licence."""
    licence = get_object_or_404(Licence.objects.visible_to(request.actor).select_related("product"), pk=pk)
    form = NewCoverageForm(request.POST or None, initial={"quantity": licence.quantity})
    context = {"form": form, "licence": licence, "title": _("Add a coverage"), "button": _("Add the coverage")}
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if form.is_valid():
        try:
            programme, said = form.cleaned_data["programme"], Cover(**form.cover())
            add_coverage(request.actor, licence=licence, programme=programme, cover=said)
            return done(request, pk)
        except ProgrammeTaken:
            form.add_error("programme", _("The licence has a coverage in this programme already."))
    return invalid(request, TEMPLATE, context)


@require_http_methods(["GET", "POST"])
@needs(Power.EDIT_LICENCES)
def coverage(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Dates and quantity of a coverage; a later end is a renewal and opens a new term."""
    coverages = Coverage.objects.visible_to(request.actor).select_related("licence__product")
    found = get_object_or_404(coverages, pk=pk)
    form = CoverageForm(request.POST or None, initial=CoverageForm.initial_of(found))
    context = context_of(found, form)
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return invalid(request, TEMPLATE, context)
    version = form.cleaned_data["version"]
    try:
        change_coverage(request.actor, coverage=found, cover=Cover(**form.cover()), version=version)
    except Stale:
        return late(request, found.licence_id)
    return done(request, found.licence_id)


def context_of(found: Coverage, form: CoverageForm) -> dict[str, Any]:
    return {
        "form": form,
        "licence": found.licence,
        "title": found.get_programme_display(),
        "button": _("Save the changes"),
        "hint": _("A later last day is a renewal: the term until now is kept as history."),
    }


def done(request: HttpRequest, licence: UUID) -> HttpResponse:
    messages.success(request, _("Saved."))
    return see_other(request, "licences:licence", licence)


def late(request: HttpRequest, licence: UUID) -> HttpResponse:
    return conflict(request, LATE, back_url=reverse("licences:licence", args=[licence]))
