"""One coverage's reminders: who is silent about it and why, and how to have it so."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import allows
from accounts.rules import Actor, Kind, Power
from accounts.views.gate import KnownRequest, needs
from advisors.models import Contact
from interface import dates
from interface.answers import invalid, see_other
from licences.models import Visibility
from licences.rules import NO_DATE
from renewals.forms.silences import SnoozeForm
from renewals.models import Silence
from renewals.services.mutes import Way
from renewals.services.silences import Knowing, Refused, end_silence, forget, know, snooze
from renewals.views.given_up import marks, may_give_up

PAGE = "renewals/silences.html"


@require_GET
@needs(Power.SNOOZE_REMINDERS)
def coverage(request: KnownRequest, pk: UUID) -> HttpResponse:
    return render(request, PAGE, shown(request.actor, seen_by(request.actor, pk)))


def seen_by(actor: Actor, pk: UUID) -> Visibility:
    """The coverage as the actor sees it; one without a date is never reminded of."""
    dated = Visibility.objects.visible_to(actor).filter(expires_on__lt=NO_DATE)
    found = dated.select_related("coverage__licence__product", "customer")
    return get_object_or_404(found, coverage=pk)


def shown(actor: Actor, seen: Visibility, **forms: Any) -> dict[str, Any]:
    """All that the page shows; a form that was refused replaces its empty one."""
    silences = (
        Silence.objects.visible_to(actor)
        .filter(coverage=seen.coverage_id, expires_on=seen.expires_on)
        .order_by("created_at")
    )
    reader, decides = recipient(actor), decides_for_all(actor)
    own = [each for each in silences if each.recipient_id in (None, reader)]
    return {
        "seen": seen,
        "product": seen.coverage.licence.product.name,
        "silences": [(each, each.organisation_id is not None or decides) for each in own],
        "knows": any(each.recipient_id == reader for each in own),
        "decides": decides,
        "stop_url": Way(
            reader, seen.customer_id, seen.customer.name, seen.coverage_id, seen.coverage.licence.product.name
        ).path(),
        "snooze_form": forms.get("snooze") or SnoozeForm(may_choose=decides),
        "given_up": marks(actor, [seen.coverage_id]).get(seen.coverage_id),
        "may_give_up": may_give_up(actor, seen),
    }


def decides_for_all(actor: Actor) -> bool:
    return actor.kind is Kind.CUSTOMER and allows(actor, Power.SET_REMINDERS)


def recipient(actor: Actor) -> UUID:
    """Under which id the person is written to: as the firm's contact, if it is one."""
    if actor.user_id is None:
        raise Http404
    own = {"firm": actor.organisation_id, "user": actor.user_id, "left_on": None}
    contact = Contact.objects.filter(**own).values_list("pk", flat=True).first()
    return contact if actor.kind is Kind.ADVISOR and contact else actor.user_id


def knowing_of(actor: Actor, seen: Visibility) -> Knowing:
    return Knowing(
        recipient(actor),
        actor.organisation_id,
        seen.customer_id,
        seen.coverage_id,
        seen.expires_on,
        seen.coverage.licence.product.name,
    )


@require_POST
@needs(Power.SNOOZE_REMINDERS)
def acknowledge(request: KnownRequest, pk: UUID) -> HttpResponse:
    """ "I know", or with `undo` not any more."""
    knowing = knowing_of(request.actor, seen_by(request.actor, pk))
    if "undo" in request.POST:
        forget(knowing)
        messages.success(request, _("You are reminded of it again."))
    else:
        know(knowing)
        messages.success(request, _("You hear nothing more of it until a week before."))
    return see_other(request, "renewals:silence", pk)


@require_POST
@needs(Power.SNOOZE_REMINDERS)
def begin_snooze(request: KnownRequest, pk: UUID) -> HttpResponse:
    seen, decides = seen_by(request.actor, pk), decides_for_all(request.actor)
    form = SnoozeForm(request.POST, may_choose=decides)
    if not form.is_valid():
        return invalid(request, PAGE, shown(request.actor, seen, snooze=form))
    values = {name: form.cleaned_data[name] for name in ("until_on", "reason")}
    everybody = form.cleaned_data.get("everybody") == "everybody"
    try:
        snooze(request.actor, seen=seen, **values, today=dates.today(), everybody=everybody)
    except Refused:
        form.add_error("until_on", _("Choose today or a later day, at most 400 days ahead."))
        return invalid(request, PAGE, shown(request.actor, seen, snooze=form))
    messages.success(request, _("The reminders of this coverage wait."))
    return see_other(request, "renewals:silence", pk)


@require_POST
@needs(Power.SNOOZE_REMINDERS)
def end(request: KnownRequest, pk: UUID) -> HttpResponse:
    silence = get_object_or_404(Silence.objects.visible_to(request.actor).filter(recipient_id=None), pk=pk)
    coverage_id = silence.coverage_id
    end_silence(request.actor, silence)
    messages.success(request, _("Reminders come again; what is due goes out next."))
    return see_other(request, "renewals:silence", coverage_id)


@login_not_required
@csrf_exempt  # the token is what lets it in, as on the page that stops reminders
@never_cache
@require_http_methods(["GET", "POST"])
def known(request: HttpRequest, token: str) -> HttpResponse:
    """The mail's "I know": asks on GET, because scanners follow links; POST does it, and undoes it with `undo`."""
    try:
        knowing = Knowing.read(token)
    except BadSignature:
        raise Http404 from None
    done = None
    if request.method == "POST":
        done = "undone" if "undo" in request.POST else "known"
        (forget if done == "undone" else know)(knowing)
    return render(request, "renewals/known.html", {"knowing": knowing, "done": done})
