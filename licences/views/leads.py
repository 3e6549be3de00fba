"""Naming the lead advisor: of one coverage on its licence's page, or of all that an assignment reaches."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import Organisation
from accounts.rules import Power
from interface.answers import see_other
from licences.forms.access import as_id
from licences.models import Coverage
from licences.rules.access import Refused
from licences.services.leads import drop_leads, name_lead
from licences.views.cells import firm_of
from licences.views.gate import KnownRequest, needs
from licences.views.update import assignment_of, reached


@needs(Power.GRANT_SELECTED)
@require_POST
def lead(request: KnownRequest, pk: UUID) -> HttpResponse:
    """One coverage: the firm that the form names, or none."""
    row = get_object_or_404(Coverage.objects.visible_to(request.actor), pk=pk)
    if request.POST.get("advisor"):
        name(request, frozenset({row.pk}), firm_of(request, as_id(request.POST["advisor"])))
    elif drop_leads(request.actor, coverages={row.pk}):
        messages.success(request, _("Nobody leads there now: every advisor who sees it is reminded of all dates."))
    return see_other(request, "licences:licence", row.licence_id)


@needs(Power.GRANT_SELECTED)
@require_POST
def lead_all(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Everything that an assignment reaches."""
    row = assignment_of(request, pk)
    coverages = frozenset(reached(request, row).values_list("coverage_id", flat=True))
    name(request, coverages, row.advisor)
    return see_other(request, "licences:assignment", row.pk)


def name(request: KnownRequest, coverages: frozenset[UUID], firm: Organisation) -> None:
    """Names the firm, and says how many licences it newly leads."""
    try:
        count = name_lead(request.actor, coverages=coverages, advisor=firm)
    except Refused:
        messages.error(request, _("%(firm)s does not see this licence, so it cannot lead there.") % {"firm": firm})
        return
    said = ngettext("%(firm)s leads on %(count)d more licence.", "%(firm)s leads on %(count)d more licences.", count)
    nothing = _("%(firm)s leads there already.") % {"firm": firm}
    messages.success(request, said % {"firm": firm, "count": count} if count else nothing)
