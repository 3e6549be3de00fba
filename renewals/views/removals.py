"""Removing a licence that was entered by mistake: asked first, with what goes with it, or why it stays."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules import Power
from accounts.views.gate import KnownRequest, needs
from interface.answers import see_other
from licences.forms.access import as_number
from licences.models import Licence
from licences.rules.changes import Stale
from renewals.models import Reminder
from renewals.rules.removals import Held
from renewals.services.removals import firms_seeing, holds_of, remove_licence

TEMPLATE = "renewals/remove_licence.html"


@require_http_methods(["GET", "POST"])
@needs(Power.EDIT_LICENCES)
def remove(request: KnownRequest, pk: UUID) -> HttpResponse:
    """For owners and renewals managers; nothing that others rely on can be removed."""
    licence = get_object_or_404(Licence.objects.visible_to(request.actor).select_related("product"), pk=pk)
    if request.method == "GET":
        return render(request, TEMPLATE, context(request, licence))
    try:
        remove_licence(request.actor, licence=licence, version=as_number(request.POST.get("version")))
    except Held:
        return render(request, TEMPLATE, context(request, licence), status=409)
    except Stale:
        return render(request, TEMPLATE, context(request, licence) | {"changed": True}, status=409)
    messages.success(request, _("%(licence)s is removed.") % {"licence": licence})
    return see_other(request, "licences:list")


def context(request: KnownRequest, licence: Licence) -> dict[str, Any]:
    """What would go, who would lose sight of it, and what holds it."""
    coverages = list(licence.coverages.order_by("expires_on", "pk"))
    ids = [each.pk for each in coverages]
    return {
        "licence": licence,
        "coverages": coverages,
        "holds": holds_of(request.actor, ids),
        "firms": firms_seeing(request.actor, ids),
        "reminders": Reminder.objects.visible_to(request.actor).filter(coverage__in=ids).exists(),
    }
