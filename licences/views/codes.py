"""The code that a customer hands out, so that a firm may ask it for access."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules import Power
from interface.answers import see_other
from interface.rates import spent
from licences.models import AccessCode
from licences.rules.approaches import spoken
from licences.services.codes import drop_code, make_code
from licences.views.gate import KnownRequest, needs

TEMPLATE = "licences/code.html"
MOST, AN_HOUR = 20, 3600


@needs(Power.GRANT_SELECTED)
@require_http_methods(["GET", "POST"])
def code(request: KnownRequest) -> HttpResponse:
    """Shown, made, replaced and switched off."""
    row = AccessCode.objects.visible_to(request.actor).first()
    if request.method == "GET":
        return render(request, TEMPLATE, {"row": row, "spoken": spoken(row.code) if row else ""})
    if spent("code", request.actor.organisation_id, limit=MOST, seconds=AN_HOUR):
        return render(request, "429.html", status=429)
    if request.POST.get("then") == "off":
        drop_code(request.actor)
        messages.success(request, _("The code is switched off. Nobody can ask by it any more."))
    else:
        make_code(request.actor)
        messages.success(request, _("Your new code. An earlier one no longer serves."))
    return see_other(request, "licences:code")
