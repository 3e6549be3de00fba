"""Support access as its customer sees it: given, changed, ended early, and what there was before."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allows, require
from accounts.rules import Power
from interface.answers import invalid, see_other
from licences.forms.access import REFUSALS, as_number
from licences.forms.support import SupportForm
from licences.models import SupportAccess
from licences.rules.access import Refused
from licences.rules.changes import Stale
from licences.services.grants import today_of
from licences.services.policies import policy_on
from licences.services.support import change_support, end_support, give_support
from licences.views.gate import KnownRequest, needs

TEMPLATE = "licences/support.html"
MOST_PAST = 20


@needs(Power.SEE_LICENCES)
@require_http_methods(["GET", "POST"])
def support(request: KnownRequest) -> HttpResponse:
    """Shown to all of the customer's people; given and changed by its owners."""
    row = open_row(request)
    form = support_form(request, row)
    if request.method == "GET":
        return render(request, TEMPLATE, page_of(request, row, form))
    require(request.actor, Power.GRANT_SUPPORT)
    if not form.is_valid():
        return invalid(request, TEMPLATE, page_of(request, row, form))
    try:
        messages.success(request, saved(request, row, form))
    except Refused as refused:
        return invalid(request, TEMPLATE, page_of(request, row, form) | {"refused": REFUSALS[refused.refusal]})
    except Stale:
        return render(request, TEMPLATE, page_of(request, open_row(request), form) | {"changed": True}, status=409)
    return see_other(request, "licences:support")


def open_row(request: KnownRequest) -> SupportAccess | None:
    """What the programme may see now, if anything."""
    return SupportAccess.objects.visible_to(request.actor).open().first()


def support_form(request: KnownRequest, row: SupportAccess | None) -> SupportForm:
    """The form as the access is, or as a new one would be."""
    initial = {"reason": row.reason, "ends_on": row.ends_on} if row else {}
    today = today_of(request.actor)
    kept = row.ends_on if row else None
    return SupportForm(request.POST or None, initial=initial, today=today, policy=policy_on(today), kept=kept)


def saved(request: KnownRequest, row: SupportAccess | None, form: SupportForm) -> str:
    """Gives support access, or changes what was shown; what to say of it. Raises `Stale` when it is another by now."""
    version = as_number(request.POST.get("version"))
    if bool(row) != bool(version):
        raise Stale
    if row is None:
        give_support(request.actor, **form.cleaned_data)
        return _("The programme’s managers may look now. Both sides are told by e-mail.")
    changed = change_support(request.actor, support=row, version=version, **form.cleaned_data)
    return _("Support access is changed. Both sides are told by e-mail.") if changed else _("Nothing was changed.")


def page_of(request: KnownRequest, row: SupportAccess | None, form: SupportForm) -> dict[str, Any]:
    """What the page shows."""
    rows = SupportAccess.objects.visible_to(request.actor)
    return {
        "row": row,
        "form": form,
        "past": (rows.exclude(pk=row.pk) if row else rows).order_by("-id")[:MOST_PAST],
        "may_give": allows(request.actor, Power.GRANT_SUPPORT),
        "may_end": row and allows(request.actor, Power.NARROW_ACCESS),
    }


@needs(Power.NARROW_ACCESS)
@require_POST
def end(request: KnownRequest) -> HttpResponse:
    """Ends it at once."""
    row = get_object_or_404(SupportAccess.objects.visible_to(request.actor).open())
    end_support(request.actor, support=row, version=as_number(request.POST.get("version")))
    messages.success(request, _("The programme may no longer look. Both sides are told by e-mail."))
    return see_other(request, "licences:support")
