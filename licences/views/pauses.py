"""Pausing an assignment and letting it go on: one press each, for both can be taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import Power
from interface.answers import see_other
from licences.forms.access import REFUSALS, as_number
from licences.rules.access import Refused
from licences.services import pauses
from licences.views.gate import KnownRequest, needs
from licences.views.update import assignment_of


@needs(Power.NARROW_ACCESS)
@require_POST
def suspend(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The firm sees nothing through this assignment until it is resumed."""
    row = assignment_of(request, pk)
    pauses.suspend(request.actor, assignment=row, version=as_number(request.POST.get("version")))
    messages.success(request, _("The access is paused. Both sides are told by e-mail."))
    return see_other(request, "licences:assignment", row.pk)


@needs(Power.GRANT_SELECTED)
@require_POST
def resume(request: KnownRequest, pk: UUID) -> HttpResponse:
    """The firm sees again what it saw, to the same end."""
    row = assignment_of(request, pk)
    try:
        pauses.resume(request.actor, assignment=row, version=as_number(request.POST.get("version")))
    except Refused as refused:
        messages.error(request, REFUSALS[refused.refusal])
    else:
        messages.success(request, _("The access goes on. Both sides are told by e-mail."))
    return see_other(request, "licences:assignment", row.pk)
